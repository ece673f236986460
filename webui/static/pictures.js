// A picture that cannot be loaded gives its room back, unless that is in view: there nothing jumps.

const drop = (image) => {
  const room = image.closest("figure") ?? image.closest(".shot");
  if (room) (room.getBoundingClientRect().top < innerHeight ? image : room).remove();
};

export function dropBrokenPictures() {
  addEventListener("error", ({ target }) => {
    if (target instanceof HTMLImageElement) drop(target);
  }, true);
  for (const image of document.images) if (image.complete && !image.naturalWidth) drop(image);
}
