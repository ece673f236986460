// A picture that cannot be loaded gives its room back.

const drop = (image) => image.closest(".shot, figure")?.remove();

export function dropBrokenPictures() {
  addEventListener("error", ({ target }) => {
    if (target instanceof HTMLImageElement) drop(target);
  }, true);
  for (const image of document.images) if (image.complete && !image.naturalWidth) drop(image);
}
