// What axe cannot see, asked of the page as it stands. Each answer lists what is wrong.
({
  // A link in a sentence is as tall as its line; a radio's or a checkbox's target is its label.
  small(least, inline) {
    const flows = (one) => one.matches("a") && getComputedStyle(one).display === "inline";
    return this.seen("a, button, input, select, textarea, summary, .choice")
      .filter((one) => !this.tick(one) || !one.closest("label"))
      .filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return height < (flows(one) ? inline : least) - 0.5 || width < inline;
      })
      .map((one) => `${Math.round(one.getBoundingClientRect().height)} px: ${this.name(one)}`);
  },

  tooWide() {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : [];
  },

  clipped() {
    const hides = (way) => way === "hidden" || way === "clip";
    return this.seen("main *, header *")
      .filter((one) => !one.matches("video, .camera, progress, svg, svg *, input, textarea, select *"))
      .filter((one) => {
        const { overflowX, overflowY } = getComputedStyle(one);
        return (
          (hides(overflowX) && one.scrollWidth > one.clientWidth + 1) ||
          (hides(overflowY) && one.scrollHeight > one.clientHeight + 1)
        );
      })
      .map((one) => `clipped: ${this.name(one)}`);
  },

  // The part of an element that its scrolling ancestors let through.
  shown(one) {
    let { left, right, top, bottom } = one.getBoundingClientRect();
    for (let up = one.parentElement; up; up = up.parentElement) {
      if (up === document.body || getComputedStyle(up).overflow === "visible") continue;
      const box = up.getBoundingClientRect();
      left = Math.max(left, box.left);
      right = Math.min(right, box.right);
      top = Math.max(top, box.top);
      bottom = Math.min(bottom, box.bottom);
    }
    return { left, right, top, bottom };
  },

  // What a person reads or presses never lies on something else that they read or press.
  overlaps() {
    const solid = this.seen(
      "h1, h2, h3, p, li, label, legend, a, button, input, select, textarea, summary, td, th, dt, dd",
    )
      .filter((one) => !this.tick(one))
      .map((one) => [one, this.shown(one)])
      .filter(([, { left, right, top, bottom }]) => right - left > 1 && bottom - top > 1);
    const found = [];
    for (const [i, [one, a]] of solid.entries()) {
      for (const [two, b] of solid.slice(i + 1)) {
        if (one.contains(two) || two.contains(one)) continue;
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 2) found.push(`${this.name(one)} lies on ${this.name(two)}`);
      }
    }
    return found;
  },

  unlabelled() {
    return this.seen("input, select, textarea")
      .filter((one) => !one.labels?.length && !one.getAttribute("aria-label"))
      .map((one) => this.name(one));
  },

  // How many times Tab stops on the page; a group of radio buttons is one stop.
  stops() {
    const groups = new Set();
    return this.seen("a[href], button, input, select, textarea, summary, [tabindex='0']").filter(
      (one) => {
        if (one.disabled || one.tabIndex < 0) return false;
        if (one.type !== "radio") return true;
        const first = !groups.has(one.name);
        groups.add(one.name);
        return first;
      },
    ).length;
  },

  // The next Tab comes to the first stop of the page.
  start() {
    const top = this.dialog() ?? document.body;
    top.tabIndex = -1;
    top.focus();
    top.removeAttribute("tabindex");
  },

  focused() {
    const one = document.activeElement;
    if (!one || one === document.body || one === this.dialog()) return null;
    const around = (this.tick(one) && one.closest("label")) || one;
    const marked = [one, around].some((it) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(it);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    });
    const { top, right, bottom, left } = around.getBoundingClientRect();
    const shown = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    const at = [...document.querySelectorAll("*")].indexOf(one);
    return { name: this.name(one), marked, shown, at, counts: !one.closest(".skip, .filepick") };
  },

  seen(what) {
    const apart = ".visually-hidden, .skip, .filepick, dialog:not([open])";
    return [...(this.dialog() ?? document).querySelectorAll(what)].filter(
      (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(apart),
    );
  },
  dialog: () => document.querySelector("dialog:modal"), // what is behind it is out of reach
  tick: (one) => one.matches("input[type=radio], input[type=checkbox]"),
  name: (one) => one.outerHTML.slice(0, 100),
})
