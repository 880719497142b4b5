"use strict";

// Without this file pictures open by themselves and switches reload the page.
const dialog = document.querySelector("dialog");
const large = dialog.querySelector("img");

for (const link of document.querySelectorAll("a.picture")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    large.src = link.href;
    large.alt = link.querySelector("img").alt;
    dialog.showModal();
  });
}
dialog.querySelector("button").addEventListener("click", () => dialog.close());

// A switch keeps the place on the page.
const place = sessionStorage.getItem("place");
if (place) {
  sessionStorage.removeItem("place");
  window.scrollTo(0, Number(place));
}
for (const form of document.querySelectorAll("form[data-keep]")) {
  form.addEventListener("submit", () => sessionStorage.setItem("place", String(window.scrollY)));
}
