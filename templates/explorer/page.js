"use strict";
(() => {
  // Text of a document reaches the page as text and by no other road: `h` sets textContent and
  // the attributes named here, and no address but one within the page.
  const ATTRIBUTES = new Set(["class", "id", "type", "role", "for", "tabindex", "aria-label",
    "aria-labelledby", "aria-controls", "aria-selected", "aria-pressed", "aria-current",
    "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext", "aria-live", "scope"]);
  const h = (tag, given, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given || {})) {
      if (value === undefined || value === false) continue;
      if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
      else if (name === "tool") element.setAttribute("href", value === "" ? "#" : "#tool=" + encodeURIComponent(value));
      else if (ATTRIBUTES.has(name)) element.setAttribute(name, value);
      else throw new Error("no attribute " + name);
    }
    element.append(...children.flat(9).filter((each) => each || each === 0));
    return element;
  };
  const $ = (id) => document.getElementById(id);
  const book = JSON.parse($("index").textContent);
  const byName = new Map(book.tools.map((tool, at) => [tool.name, { ...tool, at }]));
  const count = (number, noun) => number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s");
  const total = (tools) => tools.reduce((sum, tool) => sum + tool.tokens, 0);
  const say = (text) => { $("said").textContent = text; };

  const unpack = async () => {
    const bytes = Uint8Array.from(atob($("details").textContent), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };
  let unpacked;
  const details = () => (unpacked ||= unpack());

  const broken = (name) => name.split(/(?<=[_\-./])/).flatMap((piece) => [piece, h("wbr")]);
  const meter = (value, most, label) => {
    const fill = h("span");
    fill.style.width = Math.min(100, (100 * value) / (most || 1)) + "%";
    return h("div", {
      class: "meter" + (value > most ? " over" : ""), role: "meter", "aria-label": label,
      "aria-valuemin": 0, "aria-valuemax": Math.max(most, value), "aria-valuenow": value,
      "aria-valuetext": value.toLocaleString("en") + " of " + most.toLocaleString("en"),
    }, fill);
  };
  const limit = (what, value, most) => [
    h("p", {}, h("span", {}, what), h("span", { class: "num" }, value.toLocaleString("en") + " of " + most.toLocaleString("en"))),
    meter(value, most, what),
  ];
  const part = (title, note, ...children) => h("section", { class: "part" }, h("h2", {}, title, h("small", {}, note)), children);

  // --- code ----------------------------------------------------------------------------------
  const PIECES = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b/g;
  const coloured = (text) => {
    const pieces = [];
    let from = 0;
    for (const found of text.matchAll(PIECES)) {
      const piece = found[1] || found[0];
      pieces.push(text.slice(from, found.index), h("span", { class: found[2] ? "k" : found[1] ? "s" : "n" }, piece));
      from = found.index + piece.length;
    }
    return [...pieces, text.slice(from)];
  };
  const copy = async (text, button) => {
    const old = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select and copy it by hand";
    }
    setTimeout(() => { button.textContent = old; }, 1600);
  };
  const code = (text, label, json) => h("div", { class: "code" },
    h("pre", { tabindex: 0, "aria-label": label, role: "region" }, h("code", {}, json ? coloured(text) : text)),
    h("button", { class: "btn", type: "button", "aria-label": "Copy: " + label, on: { click: (event) => copy(text, event.currentTarget) } }, "Copy"));
  const tabs = (label, panels) => {
    const id = "t" + Math.random().toString(36).slice(2);
    const show = (chosen, focus) => buttons.forEach((button, at) => {
      button.setAttribute("aria-selected", at === chosen);
      button.tabIndex = at === chosen ? 0 : -1;
      bodies[at].hidden = at !== chosen;
      if (focus && at === chosen) button.focus();
    });
    const step = (event, at) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: panels.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show((to + panels.length) % panels.length, true);
    };
    const buttons = panels.map(([title], at) => h("button", {
      type: "button", role: "tab", id: id + at, "aria-controls": id + "p" + at,
      on: { click: () => show(at), keydown: (event) => step(event, at) },
    }, title));
    const bodies = panels.map(([, body], at) => h("div", { role: "tabpanel", id: id + "p" + at, "aria-labelledby": id + at }, body));
    show(0);
    return [h("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons), bodies];
  };

  // --- the list ------------------------------------------------------------------------------
  const chosen = new Set();
  let rows = [];
  let current = 0;
  const model = h("li", { class: "row" }, h("input", { type: "checkbox", tabindex: -1 }),
    h("a", { tabindex: -1 }, h("span", { class: "name" }), h("span", { class: "num cost" }), h("span", { class: "line" }), h("span", {})));
  const row = (tool) => { // by the thousand: a copy is made in a third of the time
    const element = model.cloneNode(true);
    const [box, link] = element.children;
    const [name, cost, line, verb] = link.children;
    box.value = tool.name;
    box.checked = chosen.has(tool.name);
    box.setAttribute("aria-label", "Choose " + tool.name);
    link.href = "#tool=" + encodeURIComponent(tool.name);
    name.append(...(tool.name.length > 24 ? broken(tool.name) : [tool.name]));
    cost.textContent = tool.tokens;
    line.textContent = tool.line;
    verb.textContent = tool.method;
    verb.className = "verb " + tool.effect;
    if (tool.deprecated) element.className = "row old";
    return { element, link, box, name: tool.name };
  };
  const group = (title, line, tools, at) => {
    const made = tools.map(row);
    rows.push(...made);
    const heading = h("h2", { id: "g" + at }, h("span", {}, title), h("span", { class: "num" }, count(tools.length, "tool") + " · " + total(tools).toLocaleString("en")));
    if (line) heading.title = line;
    return h("section", { class: "group", "aria-labelledby": "g" + at }, heading, h("ul", {}, made.map((each) => each.element)));
  };
  let waiting = [];
  let later = 0;
  const fill = (groups) => {
    rows = [];
    current = 0;
    waiting = groups.map((each, at) => [...each, at]);
    $("list").replaceChildren();
    more(60);
  };
  const more = (least) => { // the rest comes when the first rows are on the screen
    clearTimeout(later);
    const wanted = rows.length + least;
    while (waiting.length && rows.length < wanted) $("list").append(group(...waiting.shift()));
    if (waiting.length) later = setTimeout(more, 0, 150);
    mark();
    if (rows.length && !rows.some((each) => each.link.tabIndex === 0)) rows[0].link.tabIndex = 0;
  };
  const byTag = () => {
    const lead = (tool) => tool.tags[0] || "";
    const sorted = new Map(book.tags.map((tag) => [tag.name, []]));
    for (const tool of book.tools) sorted.get(lead(tool)).push(tool);
    return book.tags.map((tag) => [tag.name || "Without a tag", tag.line, sorted.get(tag.name)]);
  };
  const go = (to) => {
    if (to >= rows.length - 1) more(to === Infinity ? Infinity : 50);
    const at = Math.max(0, Math.min(rows.length - 1, to));
    if (!rows.length) return;
    rows[current].link.tabIndex = -1;
    rows[at].link.tabIndex = 0;
    current = at;
    rows[at].link.focus();
    rows[at].element.scrollIntoView({ block: "nearest" });
  };
  const mark = () => {
    const name = opened();
    rows.forEach(({ element, link, name: own }, at) => {
      element.classList.toggle("on", own === name);
      if (own !== name) { link.removeAttribute("aria-current"); return; }
      link.setAttribute("aria-current", "true");
      rows[current].link.tabIndex = -1;
      link.tabIndex = 0;
      current = at;
    });
  };
  let asked = 0;
  const search = async () => {
    const words = $("query").value.trim();
    const mine = ++asked;
    let found = book.tools;
    if (words) found = book.live ? await ranked(words) : rank(words);
    if (mine !== asked) return; // more was typed meanwhile
    $("found").textContent = words ? (found.length ? count(found.length, "tool") + " found" : "Nothing fits. Say it in other words, or leave some out.") : count(book.tools.length, "tool") + " · " + count(total(book.tools), "token");
    fill(words ? (found.length ? [[book.live ? "Best first" : "Found", "", found]] : []) : byTag());
    $("list").scrollTop = 0;
  };
  const ranked = async (words) => { // as a model finds them, where we are served
    try {
      return (await ask("/search", { query: words })).found.map((name) => byName.get(name));
    } catch {
      return rank(words);
    }
  };
  const rank = (words) => {
    const wanted = words.toLowerCase().split(/\s+/);
    return book.tools.filter((tool) => {
      const text = [tool.name, tool.path, tool.method, tool.line, ...tool.tags].join(" ").toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  };

  // --- what is chosen ------------------------------------------------------------------------
  const choose = (name, wanted) => {
    if (wanted) chosen.add(name); else chosen.delete(name);
    rows.forEach((each) => { if (each.name === name) each.box.checked = wanted; });
    const button = $("choose");
    if (button && opened() === name) button.setAttribute("aria-pressed", wanted);
    tray();
  };
  const tray = () => {
    const tools = book.tools.filter((tool) => chosen.has(tool.name));
    const names = tools.map((tool) => JSON.stringify(tool.name)).join(", ");
    $("tray").hidden = tools.length === 0;
    $("tray").replaceChildren(
      ...limit("Tools chosen", tools.length, book.limits.tools), h("p", {}),
      ...limit("Tokens", total(tools), book.limits.tokens),
      h("div", { class: "acts" },
        h("button", { class: "btn main", type: "button", on: { click: (event) => copy("tools=[" + names + "]", event.currentTarget) } }, "Copy as tools=[…]"),
        h("button", { class: "btn", type: "button", on: { click: () => [...chosen].forEach((name) => choose(name, false)) } }, "Clear")));
    if (tools.length) say(count(tools.length, "tool") + " chosen, " + count(total(tools), "token"));
  };

  // --- one tool ------------------------------------------------------------------------------
  const opened = () => {
    const name = location.hash.startsWith("#tool=") ? decodeURIComponent(location.hash.slice(6)) : "";
    return byName.has(name) ? name : "";
  };
  const finding = (each) => h("li", { class: "find" },
    h("p", {}, h("span", { class: "chip " + each.severity }, each.severity), " ", each.message),
    each.remedy && h("p", { class: "cure" }, each.remedy),
    h("p", { class: "where" }, [each.place, each.pointer, each.code && "[" + each.code + "]"].filter(Boolean).join("  ")));
  const WHERE = { "whole-body": "the body", body: "in the body", file: "upload", path: "in the path", query: "in the query", querystring: "the whole query", header: "header", cookie: "cookie", "": "" };
  const argument = (each) => h("div", { class: "arg" },
    h("dt", { class: "name" }, each.name, each.required && h("span", { class: "must" }, "required")),
    h("dd", {},
      h("p", { class: "kind" }, h("b", {}, each.kind), [...(each.limits || []), WHERE[each.in] + (each.wire ? " " + each.wire : "")].filter(Boolean).map((text) => " · " + text)),
      each.line && h("p", { class: "said" }, each.line),
      each.choices && h("div", { class: "picks" }, each.choices.map((value) => h("code", {}, value))),
      each.own && h("p", { class: "quote clamp" }, each.own),
      each.schema && h("details", {}, h("summary", {}, "Schema of " + each.name), code(each.schema, "Schema of " + each.name, true))));
  const spellings = (example) => tabs("Spellings of the call", [
    ["Tool call", code(example.call, "The call as a model asks for it", true)],
    ["Python", code(example.python, "The call in Python")],
    ...(example.problem ? [] : [["curl", code(example.curl, "The call with curl")], ["Request", code(example.request, "The request")]]),
  ]);
  const exampleOf = (tool, known) => {
    const { example } = known;
    const note = example.problem ? "" : "*** and ... stand for credentials";
    return part("An example call", note, spellings(example), example.problem && h("p", { class: "bad" }, "No request can be shown: " + example.problem), book.live && trial(tool, example));
  };
  const tool = async (name) => {
    const entry = byName.get(name);
    const known = (await details())[entry.at];
    if (opened() !== name) return;
    const required = known.arguments.filter((each) => each.required).length;
    const facts = [
      ["Body", known.body], ["Server", known.server],
      ["Credentials", known.security && known.security.join(", or ")],
      ["Always sent", known.constants && known.constants.join(", ")],
      ["In the document", known.pointer],
    ].filter(([, value]) => value);
    $("detail").replaceChildren(h("article", { class: "sheet" },
      h("a", { class: "back", tool: "" }, "← All tools"),
      h("p", { class: "eyebrow" }, h("span", { class: "verb " + entry.effect }, entry.method), h("span", {}, broken(entry.path))),
      h("h1", { class: "mono", tabindex: -1 }, broken(name)),
      h("div", { class: "facts" },
        h("span", { class: "chip " + entry.effect }, { read: "only reads", write: "may change something", delete: "deletes" }[entry.effect]),
        h("span", { class: "chip" }, h("span", { class: "num" }, count(entry.tokens, "token")), meter(entry.tokens, book.limits.tool, "Tokens of the most that a tool may cost")),
        entry.deprecated && h("span", { class: "chip warning" }, "deprecated"),
        entry.tags.map((tag) => h("span", { class: "chip" }, tag)),
        h("button", { class: "btn", id: "choose", type: "button", "aria-pressed": String(chosen.has(name)), on: { click: () => choose(name, !chosen.has(name)) } }, "Choose")),
      h("div", { class: "two" },
        h("section", { class: "card" }, h("h2", {}, "What a model reads"), h("p", {}, known.description)),
        book.fromModule ? "" : h("section", { class: "card own", tabindex: known.own && known.own.length > 700 ? 0 : undefined, "aria-label": "What the document says" }, h("h2", {}, "What the document says"), h("p", { class: "clamp" }, known.own || "The same, in the same words."))),
      known.changes && part("Changed by an overlay", "", h("ul", {}, known.changes.map(finding))),
      part("Arguments", known.arguments.length ? required + " of " + known.arguments.length + " required" : "none", h("dl", {}, known.arguments.map(argument))),
      exampleOf(name, known),
      known.findings && part("Findings", String(known.findings.length), h("ul", {}, known.findings.map(finding))),
      part("How it is made", "", h("table", { class: "table" }, h("tbody", {}, facts.map(([title, value]) => h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, value)))))),
      h("details", {}, h("summary", {}, "The tool as it is sent"), code(known.tool, "The tool as it is sent", true)),
      known.signature && h("details", {}, h("summary", {}, "The method"), code(known.signature, "The method"))));
  };

  // --- the whole -----------------------------------------------------------------------------
  const bar = (name, value, most, note, given) => h(given && given.tool !== undefined ? "a" : "button", { class: "bar", ...(given || {}) }, h("span", {}, name), meter(value, most, "Tokens"), h("span", { class: "num" }, note));
  const home = () => {
    const all = total(book.tools);
    const fits = book.tools.length <= book.limits.tools && all <= book.limits.tokens;
    const kinds = ["read", "write", "delete"].map((each) => book.tools.filter((entry) => entry.effect === each).length);
    const costly = [...book.tools].sort((one, other) => other.tokens - one.tokens).slice(0, 8);
    const tags = byTag().map(([title, line, tools]) => ({ title, line, tools, tokens: total(tools) })).sort((one, other) => other.tokens - one.tokens);
    const most = Math.max(1, ...tags.map((each) => each.tokens));
    const worst = new Map();
    const told = [...book.findings];
    const stat = (number, text) => h("p", { class: "stat" }, h("b", {}, number.toLocaleString("en")), h("span", {}, text));
    const pick = (title, tools) => ({ type: "button", "aria-label": "Choose all of " + title, on: { click: () => tools.forEach((each) => choose(each.name, true)) } });
    for (const each of told) worst.set(each.code, [...(worst.get(each.code) || []), each]);
    const bars = (some) => h("div", { class: "bars" }, some.map((each) => bar(each.title, each.tokens, most, count(each.tools.length, "tool") + " · " + each.tokens.toLocaleString("en"), pick(each.title, each.tools))));
    const noted = book.tools.filter((entry) => entry.findings);
    $("detail").replaceChildren(h("article", { class: "sheet" },
      h("button", { class: "back", type: "button", on: { click: () => $("query").focus() } }, "Search the tools ↓"),
      h("p", { class: "eyebrow" }, book.source),
      h("h1", { tabindex: -1 }, book.title),
      book.summary && h("p", { class: "lead" }, book.summary),
      h("div", { class: "stats" }, stat(book.tools.length, "tools"), stat(all, "tokens in all"), stat(kinds[0], "read"), stat(kinds[1], "write"), stat(kinds[2], "delete"), stat(book.skipped.length + book.excluded, "left out")),
      h("section", { class: "card offer" },
        limit("Tools that a conversation offers at once", book.tools.length, book.limits.tools),
        limit("Tokens that they cost in every request", all, book.limits.tokens),
        h("p", {}, fits ? "All of them fit: run() offers every tool." : "They do not all fit: name some (tick them in the list), or let the model search for the few that it needs.")),
      book.presets.length > 0 && part("Presets", "", h("div", { class: "bars" }, book.presets.map((each) => bar(each.name, each.tokens, book.limits.tokens, count(each.tools.length, "tool") + " · " + each.tokens.toLocaleString("en"), pick(each.name, each.tools.map((name) => byName.get(name))))))),
      tags.length > 1 && part("By tag", "tokens; click to choose", bars(tags.slice(0, 12)), tags.length > 12 && h("details", {}, h("summary", {}, count(tags.length - 12, "more tag")), bars(tags.slice(12)))),
      costly.length > 1 && part("What costs most", "tokens, of the " + book.limits.tool.toLocaleString("en") + " that a tool may cost", h("div", { class: "bars" }, costly.map((entry) => bar(h("span", { class: "mono" }, entry.name), entry.tokens, book.limits.tool, entry.tokens.toLocaleString("en"), { tool: entry.name })))),
      book.credentials.length > 0 && part("Credentials", "", h("table", { class: "table" },
        h("thead", {}, h("tr", {}, ["Scheme", "Kind", "Given to the client as", "Or in the environment"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, book.credentials.map((each) => h("tr", {}, h("td", {}, each.name), h("td", {}, [each.kind, each.place, each.wire].filter(Boolean).join(" ")), [each.arguments, each.variables].map((texts) => h("td", {}, h("code", {}, texts.join(", ") || "–")))))))),
      book.servers.length > 0 && part("Servers", "", h("table", { class: "table" }, h("tbody", {}, book.servers.map((each) => h("tr", {}, h("td", {}, h("code", {}, each.url || "not told")), h("td", {}, each.line)))))),
      noted.length > 0 && part("Tools with findings", String(noted.length), h("ul", {}, noted.map((entry) => h("li", {}, h("a", { class: "bar", tool: entry.name }, h("span", { class: "mono" }, entry.name), h("span", {}), h("span", { class: "facts" }, Object.entries(entry.findings).map(([severity, number]) => h("span", { class: "chip " + severity }, count(number, severity))))))))),
      told.length > 0 && part("Findings about the whole", String(told.length), [...worst].map(([title, list]) => h("details", {}, h("summary", {}, title + " · " + list.length), h("ul", {}, list.map(finding))))),
      book.skipped.length > 0 && part("Left out of the document", String(book.skipped.length), h("ul", {}, book.skipped.map((each) => h("li", { class: "find" }, h("p", {}, h("span", { class: "mono" }, each.method + " " + each.path)), h("p", {}, each.reason), h("p", { class: "cure" }, each.remedy), h("p", { class: "where" }, each.place + "  [" + each.code + "]"))))),
      book.excluded > 0 && h("p", { class: "part" }, count(book.excluded, "operation") + " left out by the settings."),
      book.fromModule && h("p", { class: "part lead" }, "Made from a module, which holds what runs and nothing else: the document's own words, its findings and what was left out are shown by a page of the document.")));
  };

  // --- calls that are really made, where the page is served ------------------------------------
  const ask = async (path, asked) => {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json", "X-Toolbind-Token": book.token },
      body: JSON.stringify(asked),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const trial = (name, example) => {
    const area = h("textarea", { id: "arguments", "aria-label": "Arguments as JSON" });
    const shown = h("div", { "aria-live": "polite" });
    const act = (path, show) => async (event) => {
      const button = event.currentTarget;
      button.disabled = true;
      try {
        shown.replaceChildren(...[show(await ask(path, { tool: name, arguments: area.value }))].flat(9));
      } catch (error) {
        shown.replaceChildren(h("p", { class: "bad" }, error.message));
      }
      button.disabled = false;
    };
    const preview = (made) => made.problem ? h("p", { class: "bad" }, made.problem) : spellings(made);
    const answer = (made) => [
      h("p", { class: "facts" }, h("span", { class: "chip " + (made.ok ? "read" : "delete") }, made.ok ? "answered" : made.error), made.status && h("span", { class: "chip" }, "HTTP " + made.status), h("span", { class: "note" }, made.seconds)),
      code(made.content, "What a model is told", true)];
    area.value = example.arguments;
    area.spellcheck = false;
    return h("section", { class: "part try" }, h("h2", {}, "Try it", h("small", {}, book.calls ? "calls are really made" : "nothing is sent")), area,
      h("div", { class: "acts" },
        h("button", { class: "btn", type: "button", on: { click: act("/preview", preview) } }, "Show the request"),
        h("button", { class: "btn main", type: "button", on: { click: act("/call", answer) } }, "Send it"),
        !book.calls && h("span", { class: "note" }, "Sending needs --allow-calls.")), shown);
  };

  // --- keys, and where one is --------------------------------------------------------------------
  const visit = async (event) => {
    const name = opened();
    document.body.dataset.view = name ? "tool" : "home";
    try {
      if (name) await tool(name); else home();
    } catch (error) {
      $("detail").replaceChildren(h("p", { class: "notice" }, "This browser cannot unpack the page: " + error.message + ". Chrome 80, Firefox 113, Safari 16.4 and newer can."));
    }
    mark();
    if (!event) return;
    $("detail").scrollTop = 0;
    if (matchMedia("(max-width: 720px)").matches) window.scrollTo(0, 0);
    const heading = $("detail").querySelector("h1");
    if (heading) heading.focus({ preventScroll: true });
    document.title = (name ? name + " · " : "") + book.title + " · toolbind";
  };
  $("list").addEventListener("keydown", (event) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: Infinity, PageDown: current + 10, PageUp: current - 10 }[event.key];
    if (event.key === " " && event.target.tagName === "A") {
      event.preventDefault();
      choose(rows[current].name, !chosen.has(rows[current].name));
    }
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (to < 0) $("query").focus(); else go(to);
  });
  $("list").addEventListener("change", (event) => choose(event.target.value, event.target.checked));
  $("query").addEventListener("input", search);
  $("query").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); go(0); }
    if (event.key === "Enter" && rows.length) location.hash = "tool=" + encodeURIComponent(rows[0].name);
    if (event.key === "Escape") { $("query").value = ""; search(); }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); $("query").focus(); $("query").select(); }
    if (event.key === "Escape" && $("detail").contains(event.target) && rows.length) go(current);
  });
  $("skip").addEventListener("click", (event) => { event.preventDefault(); $("detail").querySelector("h1").focus(); });
  window.addEventListener("hashchange", visit);
  $("brand").append(book.title, h("small", {}, book.version));
  search();
  performance.mark("list");
  visit();
  document.body.dataset.ready = "true";
})();
