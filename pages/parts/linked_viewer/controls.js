// Controls in plain HTML, each reached by the keyboard.

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function group(name, ...children) {
  return make("span", { className: "group" }, make("span", { className: "name", textContent: name }), ...children);
}

let groups = 0;

// One of several, all in sight.
function choices(name, options, chosen, act) {
  const shared = `choice${groups++}`;
  const labels = Object.entries(options).map(([value, text]) => {
    const input = make("input", { type: "radio", name: shared, value, checked: value === chosen });
    input.onchange = () => act(value);
    return make("label", {}, input, text);
  });
  const box = make("span", { className: "choices" }, ...labels);
  box.setAttribute("role", "radiogroup");
  box.setAttribute("aria-label", name);
  return group(name, box);
}

// Any of several, all in sight.
function checks(name, options, isOn, act) {
  const labels = Object.entries(options).map(([value, text]) => {
    const input = make("input", { type: "checkbox", value, checked: isOn(value) });
    input.onchange = () => act(value, input.checked);
    return make("label", {}, input, text);
  });
  const box = make("span", { className: "choices" }, ...labels);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", name);
  return group(name, box);
}

function select(name, options, chosen, act) {
  const found = make("select", { ariaLabel: name });
  for (const [value, text] of Object.entries(options)) found.append(new Option(text, value, false, value === chosen));
  found.onchange = () => act(found.value);
  return [group(name, found), found];
}

function number(name, value, limits, act) {
  const found = make("input", { type: "number", ariaLabel: name, value, ...limits });
  found.onchange = () => act(Number(found.value));
  return found;
}

function range(name, value, limits, act) {
  const found = make("input", { type: "range", ariaLabel: name, ...limits });
  found.value = value;
  found.oninput = () => act(Number(found.value));
  return found;
}

function tick(text, on, act) {
  const input = make("input", { type: "checkbox", checked: on });
  input.onchange = () => act(input.checked);
  return make("label", { className: "group" }, input, text);
}

function button(text, act) {
  const found = make("button", { type: "button", textContent: text });
  found.onclick = act;
  return found;
}
