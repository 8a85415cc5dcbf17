// Keys for the review form. The form works without this: it only marks, moves and sends what is there.

const form = document.getElementById("decide");
const cards = [...form.querySelectorAll(".change[data-number]")];
const open = cards.filter((card) => card.hasAttribute("data-open"));
const help = document.getElementById("help");
const left = document.getElementById("left");
let at = -1;
let sending = false;

const radio = (card, key) => card.querySelector(`input[type=radio][data-key="${key}"]`);
const marked = (card) => Boolean(card.querySelector("input[type=radio]:checked")?.value);

function light(card) {
  for (const mark of document.querySelectorAll("mark[data-changes]")) {
    mark.classList.toggle("lit", mark.dataset.changes.split(" ").includes(card.dataset.number));
  }
  const note = document.querySelector(".note");
  const anchor = document.getElementById(`m${card.dataset.number}`);
  if (note && anchor && note.scrollHeight > note.clientHeight) {
    const place = anchor.getBoundingClientRect().top - note.getBoundingClientRect().top;
    note.scrollBy({ top: place - note.clientHeight / 3 });
  }
}

function go(index) {
  if (index < 0 || index >= cards.length) return;
  at = index;
  cards[at].focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: "nearest" });
}

function onward() {
  const next = cards.findIndex((card, index) => index > at && card.hasAttribute("data-open") && !marked(card));
  if (next >= 0) go(next);
  else cards[at].focus({ preventScroll: true });
}

function count() {
  if (!left) return;
  const done = open.filter(marked).length;
  const asked = open.filter((card) => !card.hasAttribute("data-spare") || marked(card)).length;
  left.textContent = done ? `${done} of ${asked} marked` : `${asked} to decide`;
}

function mark(key) {
  const box = at >= 0 ? radio(cards[at], key) : null;
  if (!box) return;
  box.checked = true;
  count();
  if (key === "a" || key === "r") onward();
  if (key === "e") cards[at].querySelector(".edit input:not([type=hidden]), .edit textarea, .edit select")?.focus();
  if (key === "q") cards[at].querySelector(".why input").focus();
}

function markSafe() {
  for (const card of open) {
    if (card.hasAttribute("data-safe") && !marked(card)) radio(card, "a").checked = true;
  }
  count();
}

const typing = (target) => target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

const keys = {
  j: () => go(at + 1),
  k: () => go(at < 0 ? 0 : at - 1),
  a: () => mark("a"),
  r: () => mark("r"),
  e: () => mark("e"),
  q: () => mark("q"),
  u: () => mark("u"),
  A: markSafe,
  s: () => document.getElementById("save")?.click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (help.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && at >= 0 && form.contains(event.target)) {
    go(at);
    return;
  }
  if (typing(event.target) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

form.addEventListener("focusin", (event) => {
  const card = event.target.closest(".change[data-number]");
  if (!card) return;
  at = cards.indexOf(card);
  light(card);
});
form.addEventListener("change", count);
form.addEventListener("submit", () => { sending = true; });
addEventListener("beforeunload", (event) => {
  if (!sending && open.some(marked)) event.preventDefault();
});
addEventListener("pageshow", () => { sending = false; count(); });

const safe = document.getElementById("safe");
if (safe) {
  safe.type = "button";
  safe.addEventListener("click", markSafe);
}
const opener = document.getElementById("help-open");
if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
}
const wrong = cards.findIndex((card) => card.matches(".wrong"));
if (wrong >= 0) go(wrong);
