
"use strict";
// Works on what stands in the document, which is all the data there is.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  let said, table, rows, input, chips, shown, unfold;

  const say = (text) => { said.textContent = text; };

  // Folds: a button, and what it controls.
  const fold = (button, open) => {
    button.setAttribute("aria-expanded", String(open));
    byId(button.getAttribute("aria-controls")).classList.toggle("open", open);
  };
  const isOpen = (button) => button.getAttribute("aria-expanded") === "true";

  // Copies the text before a button; where the browser forbids its clipboard, by a
  // selection.
  const copyBySelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden";
    document.body.append(area);
    area.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { done = false; }
    area.remove();
    return done;
  };
  const copy = async (button) => {
    const text = button.previousElementSibling.textContent;
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch { done = copyBySelection(text); }
    button.focus();
    button.textContent = done ? "Copied" : "Failed";
    say(done ? "Copied" : "It could not be copied; select the text instead");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  // Rows: each with what it is searched by and sorted by, read once.
  const read = () => rows.map((element) => {
    const cells = element.rows[0].cells;
    return { element, fate: element.dataset.f, cells, text: null };
  });
  const textOf = (row) => {
    if (row.text === null) row.text = row.element.rows[0].textContent.toLowerCase();
    return row.text;
  };
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const fates = new Set(chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.f));
    let count = 0;
    for (const row of rows) {
      const fits = (fates.size === 0 || fates.has(row.fate)) && words.every((word) => textOf(row).includes(word));
      row.element.classList.toggle("off", !fits);
      if (fits) count += 1;
    }
    shown.textContent = count === rows.length ? `${count} packages` : `${count} of ${rows.length} packages`;
  };
  const sort = (button) => {
    const header = button.parentElement;
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of all("#table [aria-sort]")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const column = Number(button.dataset.c);
    const key = (row) => {
      if (column === 3) return row.fate.padStart(4, "0");
      // The name without the architecture behind it.
      return column === 0 ? row.cells[0].firstChild.textContent : row.cells[column].textContent;
    };
    const keyed = rows.map((row, at) => [key(row), at, row]);
    const sign = down ? -1 : 1;
    keyed.sort((a, b) => a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]);
    rows = keyed.map((entry) => entry[2]);
    table.append(...rows.map((row) => row.element));
  };
  const unfoldAll = () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    unfold.textContent = open ? "Hide all reasons" : "Show all reasons";
    for (const button of all("#table .why")) fold(button, open);
  };

  // What an address within the page leads to is shown, whatever is folded or filtered.
  const show = () => {
    const target = location.hash.length > 1 ? byId(location.hash.slice(1)) : null;
    if (!target) return;
    for (let up = target; up; up = up.parentElement) {
      if (up.classList.contains("fold")) fold(find(`[aria-controls="${CSS.escape(up.id)}"]`), true);
    }
    const row = target.closest("#table tbody");
    if (row) {
      if (row.classList.contains("off")) {
        input.value = "";
        for (const chip of chips) chip.setAttribute("aria-pressed", "false");
        filter();
      }
      const button = row.querySelector(".why");
      if (button) fold(button, true);
    }
    target.scrollIntoView({ block: row ? "center" : "start" });
  };

  const click = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("copy")) copy(button);
    else if (button.classList.contains("sort")) sort(button);
    else if (button.classList.contains("chip")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    } else if (button === unfold) unfoldAll();
    else if (button.hasAttribute("aria-controls")) fold(button, !isOpen(button));
  };

  document.addEventListener("DOMContentLoaded", () => {
    said = byId("said");
    table = byId("table");
    input = byId("filter");
    shown = byId("shown");
    unfold = byId("unfold");
    unfold.setAttribute("aria-pressed", "false");
    chips = all(".chip");
    rows = all("#table > tbody");
    rows = read();
    document.addEventListener("click", click);
    input.addEventListener("input", filter);
    window.addEventListener("hashchange", show);
    show();
  });
})();
