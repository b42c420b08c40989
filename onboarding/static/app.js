// Small comforts; every page works without them.
"use strict";

// A form that was sent is not sent twice by a second tap.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Coming back with the browser's button, the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Browsers skip `autofocus` when the address names a place on the page.
const summary = document.querySelector("[data-error-summary]");
if (summary && location.hash) summary.focus();

// While something goes on, show the latest; not to somebody who is in the middle of something.
if (document.querySelector("[data-reload]")) {
  setInterval(() => {
    const busy = document.activeElement !== document.body || document.querySelector("details[open]");
    if (!busy) location.reload();
  }, 5000);
}

// One box that ticks all suppliers on the page.
document.querySelectorAll("[data-pick-all]").forEach((label) => {
  label.hidden = false;
  label.firstElementChild.addEventListener("change", (event) => {
    const boxes = label.closest("form").querySelectorAll('input[name="id"]');
    boxes.forEach((box) => { box.checked = event.target.checked; });
  });
});

// "/" goes to the search box, unless somebody is typing.
const search = document.querySelector("[data-search]");
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (!search || event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || isTyping) return;
  event.preventDefault();
  search.focus();
  search.select();
});
