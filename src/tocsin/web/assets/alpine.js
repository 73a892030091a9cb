import Alpine from "alpinejs";

// Alpine makes functions of the text in its attributes, which our content policy forbids. Here an
// attribute names one thing of its component and nothing else: a value, a getter or a method.
// Alpine's own build for strict policies parses expressions, and to keep globals from them reads
// each of the thousand once at every start: most of the script time of a page.
Alpine.setEvaluator((element, name) => {
  const stack = Alpine.closestDataStack(element);
  return (receive = () => {}, { scope = {}, params = [] } = {}) => {
    const component = Alpine.mergeProxies([scope, ...stack]);
    if (!(name in component)) throw new Error(`No component around here has “${name}”.`);
    const found = component[name];
    receive(typeof found === "function" ? found.apply(component, params) : found);
  };
});

export default Alpine;
