import Alpine from "./alpine.js";

/** Count the chosen rows of a list, and choose all of them or none. */
Alpine.data("selection", () => ({
  chosen: 0,
  every: false,
  boxes() {
    return [...this.$root.querySelectorAll('li input[type="checkbox"]')];
  },
  count() {
    const boxes = this.boxes();
    this.chosen = boxes.filter((box) => box.checked).length;
    this.every = boxes.length > 0 && this.chosen === boxes.length;
  },
  all(event) {
    for (const box of this.boxes()) box.checked = event.currentTarget.checked;
    this.count();
  },
}));
