"use strict";
// The form works without this; with it the message follows every change, and every saved file.
let turns = 0;
let hasEnded = false;
const due = new Set();  // what is to be renewed, also for turns that another one overtook

async function show(ids) {
  const turn = ++turns;
  for (const id of ids) due.add(id);
  const form = document.getElementById("switches");
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch("/", { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== turns) return;
  const focused = document.activeElement && document.activeElement.id;
  const wide = document.querySelector(".desktop:checked") !== null;
  for (const id of due) {
    document.getElementById(id).replaceWith(document.adoptNode(page.getElementById(id)));
  }
  due.clear();
  // Whether a record is in force may follow from the moment shown.
  for (const now of page.querySelectorAll("[name$='.on'], [name$='.stood']")) {
    const [shown] = document.getElementsByName(now.name);
    if (shown) [shown.checked, shown.value] = [now.checked, now.value];
  }
  if (wide) for (const radio of document.querySelectorAll(".desktop")) radio.checked = true;
  if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
  document.documentElement.dataset.version = page.documentElement.dataset.version;
  document.getElementById("said").textContent = page.getElementById("said").textContent;
}

function follow(event) {
  if (!event.target.closest("#switches")) return;
  const isOther = ["template", "persona"].includes(event.target.name);
  show(isOther ? ["switches", "message"] : ["message"]);
}

let waiting;
document.addEventListener("change", follow);
document.addEventListener("input", (event) => {
  if (!["text", "textarea"].includes(event.target.type)) return;
  clearTimeout(waiting);
  waiting = setTimeout(follow, 300, event);
});

setInterval(async () => {
  try {
    const answer = await fetch("/version");
    const version = await answer.text();
    if (hasEnded || version !== document.documentElement.dataset.version) {
      await show(["switches", "message"]);
    }
    hasEnded = false;
  } catch {
    hasEnded = true;
    document.getElementById("said").textContent = "The preview has ended.";
  }
}, 1000);
