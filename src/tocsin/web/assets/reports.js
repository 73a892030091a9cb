import Alpine from "./alpine.js";

/** Print the page, or save it as a PDF; the browser asks which. */
Alpine.data("printer", () => ({
  print() {
    window.print();
  },
}));
