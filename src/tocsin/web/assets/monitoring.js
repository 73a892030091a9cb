import Alpine from "./alpine.js";

/** Put a preset's number into the field beside it; any other number stays possible. */
Alpine.data("threshold", () => ({
  choose(event) {
    const input = this.$root.querySelector("input");
    input.value = event.currentTarget.dataset.value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  },
}));
