/* What was typed into a form comes back when the form did not get through: the session had ended,
   the page was of an earlier signing in, the line dropped. It waits in this tab alone, under the
   person's number, until the form is taken; whoever else signs in here finds it gone. */
"use strict";
(() => {
  const user = document.body.dataset.user;
  const ALL = "edudx:form:";
  const OWN = `${ALL}${user}:`;
  const SKIPPED = ["hidden", "password", "file", "submit", "button"];
  const stored = (prefix) => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  const forget = (key) => sessionStorage.removeItem(key);
  const read = (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const write = (key, entry) => {
    try { sessionStorage.setItem(key, JSON.stringify(entry)); } catch { /* a full store keeps no copy */ }
  };

  /* The token of the newest signing in, also of one in another tab. */
  window.freshToken = (form) => {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (cookie && field) field.value = cookie[1];
  };

  const fields = (form) => [...form.elements].filter((one) => one.name && !SKIPPED.includes(one.type));
  const typed = (form) => fields(form)
    .filter((one) => one.type === "checkbox" || one.type === "radio" ? one.checked : one.value)
    .flatMap((one) => one.type === "select-multiple"
      ? [...one.selectedOptions].map((option) => [one.name, option.value]) : [[one.name, one.value]]);
  const place = (form) => {
    const path = (one) => new URL(one.action || location.href, location.href).pathname;
    const twins = [...document.forms].filter((one) => path(one) === path(form));
    return `${OWN}${path(form)}#${twins.indexOf(form)}`;
  };
  const isKept = (form) => form.method === "post" && !("autosave" in form.dataset)
    && !form.querySelector("[type=password]");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    window.freshToken(form);
    if ("leave" in form.dataset) stored(ALL).forEach(forget);
    else if (isKept(form) && typed(form).length) {
      write(place(form), { at: Date.now(), page: location.pathname, values: typed(form), isSent: true });
    }
  });

  function fill(form, values) {
    for (const one of fields(form)) {
      const own = values.filter(([name]) => name === one.name).map(([, value]) => value);
      if (one.type === "checkbox" || one.type === "radio") one.checked = own.includes(one.value);
      else if (one.type === "select-multiple") {
        for (const option of one.options) option.selected = own.includes(option.value);
      } else if (own.length) one.value = own[0];
    }
  }

  function tell(form, entry, key) {
    const line = document.createElement("p");
    const drop = document.createElement("button");
    const at = new Date(entry.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    const file = form.querySelector("[type=file]") ? " Tệp đính kèm phải chọn lại." : "";
    line.className = "notice";
    line.setAttribute("role", "status");
    line.tabIndex = -1;
    line.textContent = `Chưa gửi được lúc ${at}; nội dung đã nhập hiện lại bên dưới. Hãy xem rồi gửi lại.${file} `;
    drop.type = "button";
    drop.className = "btn btn-link p-0";
    drop.textContent = "Bỏ nội dung này";
    drop.addEventListener("click", () => { forget(key); form.reset(); line.remove(); });
    line.append(drop);
    form.prepend(line);
    for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    line.scrollIntoView({ block: "center" });
    line.focus();
  }

  if (user !== "0") stored(ALL).filter((key) => !key.startsWith(OWN)).forEach(forget);
  if ("kept" in document.body.dataset) { /* it did not get through: the form's page brings it back */
    stored(user === "0" ? ALL : OWN).forEach((key) => {
      const entry = read(key);
      if (entry) write(key, { ...entry, isSent: false });
    });
  } else if (user !== "0") {
    const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    const waiting = Object.fromEntries(stored(OWN).map((key) => [key, read(key)]));
    for (const [key, entry] of Object.entries(waiting)) if (!entry || (entry.isSent && !cameBack)) forget(key);
    for (const form of [...document.forms].filter(isKept)) {
      const entry = waiting[place(form)];
      if (entry && entry.page === location.pathname && (cameBack || !entry.isSent)) {
        fill(form, entry.values);
        tell(form, entry, place(form));
      }
    }
  }
})();
