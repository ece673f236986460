// In an article with marks, one link leads to the first of them; with this it leads to the next,
// counted from the one that the address names.

export function followMarks() {
  const link = document.querySelector(".hop a");
  const marks = [...document.querySelectorAll(".prose mark")];
  if (!link) return;
  const aim = () => {
    const at = marks.findIndex((mark) => `#${mark.id}` === location.hash);
    link.hash = marks[(at + 1) % marks.length].id;
  };
  addEventListener("hashchange", aim);
  aim();
}
