// Draws the API from /openapi.json. Nothing is fetched from anywhere else.
"use strict";

const make = (tag, attributes = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
};

// `code` in a text is the only mark-up that comments use.
const prose = (text, tag = "span", className = "") => {
  const parts = (text ?? "").split("`");
  return make(tag, { className }, ...parts.map((part, i) => (i % 2 ? make("code", {}, part) : part)));
};

let api;

const resolve = (schema) => {
  const name = schema.$ref?.split("/").pop();
  return name ? { ...api.components.schemas[name], ...schema, name } : schema;
};

const type = (schema) => {
  const of = resolve(schema);
  if (of.enum) return of.name.split(".").pop();
  if (of.type === "array") return `${type(of.items)}[]`;
  if (of.name) return of.name.split(".").pop();
  if (of.additionalProperties && of.additionalProperties !== true) return `map of ${type(of.additionalProperties)}`;
  return [of.type ?? "anything", of.format].filter(Boolean).join(", ");
};

// What can be unfolded under a field: the fields of an object, the values of an enum.
const inner = (schema) => {
  const of = resolve(schema);
  if (of.type === "array") return inner(of.items);
  return of.enum || of.properties ? of : null;
};

const fold = (schema) => {
  const of = inner(schema);
  if (!of) return "";
  const details = make("details", {}, make("summary", {}, of.enum ? "values" : "fields"));
  // Drawn when it is opened: a message may contain itself.
  details.addEventListener("toggle", () => {
    details.append(of.enum ? make("ul", { className: "fields" }, ...of.enum.map((value) => make("li", {}, make("code", {}, value)))) : fields(of));
  }, { once: true });
  return details;
};

const field = (name, schema, required, description) =>
  make("li", {},
    make("code", {}, name), " ",
    make("span", { className: "type" }, type(schema)), " ",
    required ? make("span", { className: "must" }, "required") : schema.readOnly ? make("span", { className: "type" }, "read-only") : "", " ",
    prose(description ?? schema.description, "span", "faint"),
    fold(schema));

const fields = (schema) => {
  const rows = Object.entries(schema.properties ?? {});
  if (!rows.length) return make("p", { className: "faint" }, "Empty.");
  return make("ul", { className: "fields" }, ...rows.map(([name, of]) => field(name, of, schema.required?.includes(name))));
};

const section = (title, ...content) => make("div", {}, make("h4", {}, title), ...content);

const draw = (path, verb, operation) => {
  const body = operation.requestBody?.content["application/json"].schema;
  const [[media, { schema: answer }]] = Object.entries(operation.responses["200"].content);
  const problems = Object.keys(operation.responses).filter((status) => status !== "200");
  const content = () => make("div", { className: "body" },
    prose(operation.description, "p"),
    section("For", ...operation["x-relevo-access"].map((who) => make("span", { className: "chip" }, who.replace("ROLE_", "").toLowerCase().replaceAll("_", " ")))),
    operation.parameters.length ? section("Parameters", make("ul", { className: "fields" },
      ...operation.parameters.map((p) => field(p.name, p.schema, p.required, `${p.in === "path" ? "In the path. " : ""}${p.description ?? ""}`)))) : "",
    body ? section(`Body: ${body.$ref ? type(body) : "object"}`, fields(resolve(body))) : "",
    section(`Answer: ${type(answer)}${media.includes("ndjson") ? ", one a line" : ""}`, fields(resolve(answer))),
    section("Problems", ...problems.map((status) => make("span", { className: "chip" }, status))),
    section("gRPC", make("code", {}, operation["x-relevo-rpc"])));
  const details = make("details", { className: "operation", id: operation.operationId },
    make("summary", {}, make("span", { className: `verb ${verb}` }, verb), make("span", { className: "path" }, path),
      make("span", { className: "faint" }, operation.summary)));
  details.addEventListener("toggle", () => details.append(content()), { once: true });
  details.dataset.text = `${verb} ${path} ${operation.summary} ${operation.description ?? ""}`.toLowerCase();
  return details;
};

const show = () => {
  const main = document.getElementById("main");
  const contents = document.getElementById("contents");
  main.replaceChildren(make("h1", {}, `${api.info.title} API`), prose(api.info.description, "p", "faint"));
  for (const tag of api.tags) {
    const group = make("section", {}, make("h2", { id: tag.name }, tag.name), prose(tag.description, "p", "faint"));
    contents.append(make("b", {}, tag.name));
    for (const [path, verbs] of Object.entries(api.paths)) {
      for (const [verb, operation] of Object.entries(verbs)) {
        if (operation.tags[0] !== tag.name) continue;
        group.append(draw(path, verb, operation));
        contents.append(make("a", { href: `#${operation.operationId}` }, operation.summary));
      }
    }
    main.append(group);
  }
};

const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches("details")) target.open = true;
  target?.scrollIntoView();
};

const filter = ({ target }) => {
  const wanted = target.value.toLowerCase();
  for (const operation of document.querySelectorAll("details.operation")) {
    operation.hidden = !operation.dataset.text.includes(wanted);
  }
  for (const group of document.querySelectorAll("main section")) {
    group.hidden = !group.querySelector("details.operation:not([hidden])");
  }
};

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((document_) => {
    api = document_;
    show();
    unfold();
    addEventListener("hashchange", unfold);
    document.getElementById("filter").addEventListener("input", filter);
  })
  .catch((error) => document.getElementById("main").replaceChildren(make("p", {}, `The description cannot be read: ${error}`)));
