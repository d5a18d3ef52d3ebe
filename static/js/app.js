/* Autosave, progress and keys. Every page works without this file. */
"use strict";
(() => {
  const KEEP = `edudx:unsaved:${document.body.dataset.user}:`; /* per person: a shared computer */

  /* Autosave: one criterion is one form; what cannot be sent stays in the browser. */
  const place = (form) => KEEP + new URL(form.action).pathname;
  const note = (form, text, bad) => {
    const line = form.querySelector("[data-saved]");
    line.textContent = text;
    line.classList.toggle("bad", Boolean(bad));
  };
  const typed = (form) => JSON.stringify([...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !["csrfmiddlewaretoken", "worn"].includes(name)));
  const store = (form, text) => {
    try {
      if (text === null) localStorage.removeItem(place(form)); else localStorage.setItem(place(form), text);
    } catch { /* a full or closed store loses only the copy */ }
  };

  function showErrors(form, errors) {
    form.querySelectorAll(".js-error").forEach((old) => old.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    for (const [name, sentences] of Object.entries(errors)) {
      const field = form.elements[name] instanceof RadioNodeList ? form.elements[name][0] : form.elements[name];
      const line = document.createElement("p");
      line.className = "js-error errorlist";
      line.textContent = sentences.join(" ");
      if (field) { field.setAttribute("aria-invalid", "true"); (field.closest("fieldset, .mb-3") || field).append(line); }
      else form.prepend(line);
    }
  }

  async function save(form) {
    if (form.dataset.busy) { form.dataset.again = "1"; return; }
    window.freshToken(form);
    const body = new FormData(form);
    if (form.dataset.pressed) body.append("confirm", "1"); /* looked at, not just typed */
    delete form.dataset.pressed;
    form.dataset.busy = "1";
    delete form.dataset.again;
    const sent = typed(form);
    store(form, sent);
    clearTimeout(form.retry);
    if (!form.dataset.waits) note(form, "Đang lưu…");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
      });
      const reply = answer.type === "opaqueredirect" ? { signed_out: true } : await answer.json();
      if (!reply.signed_out) delete form.dataset.waits;
      if (reply.signed_out) signedOut(form);
      else if (answer.ok) saved(form, reply, sent);
      else if (reply.conflict) conflict(form, reply.conflict);
      else if (reply.errors) { showErrors(form, reply.errors); note(form, "Chưa lưu: hãy sửa chỗ được báo.", true); }
      else { note(form, reply.error, true); if (!reply.kept) store(form, null); }
    } catch {
      note(form, "Chưa lưu được, đang thử lại. Nội dung vẫn giữ trên máy này.", true);
      form.retry = setTimeout(() => save(form), 5000);
    } finally {
      delete form.dataset.busy;
      if (form.dataset.again) save(form);
    }
  }

  /* The text waits here; signing in in another tab is enough, this one then saves by itself. */
  function signedOut(form) {
    form.retry = setTimeout(() => save(form), 5000);
    if (form.dataset.waits) return; /* told already */
    const link = document.createElement("a");
    link.href = document.body.dataset.login;
    link.target = "_blank";
    link.textContent = "đăng nhập lại ở thẻ mới";
    note(form, "Chưa lưu được: phiên làm việc đã hết. Hãy ", true);
    form.dataset.waits = "1";
    form.querySelector("[data-saved]").append(link, "; trang này sẽ tự lưu tiếp, nội dung vẫn giữ trên máy này.");
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.querySelectorAll("form[data-waits]").forEach(save);
  });

  function saved(form, reply, sent) {
    showErrors(form, {});
    form.querySelector("[name$='-version']").value = reply.version;
    if (typed(form).replace(/"[^"]*-version","\d+"/, "") === sent.replace(/"[^"]*-version","\d+"/, "")) store(form, null);
    note(form, reply.saved);
    for (const [id, html] of Object.entries(reply.fragments)) {
      const target = document.getElementById(id);
      if (target) target.innerHTML = html;
    }
  }

  function conflict(form, panel) {
    note(form, "Người khác vừa sửa chỗ này. Hãy chọn bên dưới.", true);
    const box = form.parentElement.querySelector("[data-conflict]");
    box.innerHTML = panel;
    box.querySelector("h3").focus();
  }

  /* Typed before this file ran, or brought back by the browser with the page. */
  const isChanged = (form) => [...form.elements].some((field) => field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected)
      : "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue);

  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    let timer = 0;
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    const kept = localStorage.getItem(place(form));
    if (kept) {
      const values = JSON.parse(kept); /* with the version they were typed over: a change in between shows */
      form.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = false; });
      for (const [name, value] of values) {
        const field = form.elements[name];
        if (field instanceof RadioNodeList) field.value = value;
        else if (field && field.type === "checkbox") field.checked = true;
        else if (field && field !== token) field.value = value;
      }
      form.closest("details").open = true;
      save(form);
    } else if (isChanged(form)) save(form);
    form.addEventListener("input", () => {
      store(form, typed(form));
      note(form, "Chưa lưu…");
      clearTimeout(timer);
      timer = setTimeout(() => save(form), 800);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); form.dataset.pressed = "1"; save(form); });
    form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(() => save(form), 50); });
  });
  addEventListener("online", () => document.querySelectorAll("form[data-autosave]").forEach((form) => {
    if (localStorage.getItem(place(form))) save(form);
  }));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-forget]");
    if (link) localStorage.removeItem(KEEP + link.dataset.forget);
  });
  addEventListener("beforeunload", (event) => {
    const open = [...document.querySelectorAll("form[data-autosave]")].some((form) => localStorage.getItem(place(form)));
    if (open) event.preventDefault();
  });

  /* A file chosen is a file sent: the button is for browsers without this script. */
  document.querySelectorAll("form[data-upload] button").forEach((button) => { button.hidden = true; });
  document.querySelectorAll("form[data-upload] input[type=file]").forEach((input) => {
    input.addEventListener("change", () => { if (input.files.length) input.form.requestSubmit(); });
  });

  /* Progress of a file being built. */
  document.querySelectorAll("[data-poll]").forEach((box) => {
    const ask = async () => {
      try {
        const reply = await (await fetch(box.dataset.poll, { headers: { Accept: "application/json" } })).json();
        box.innerHTML = reply.html;
        if (reply.finished) return;
      } catch { /* the next round asks again */ }
      setTimeout(ask, 1000);
    };
    setTimeout(ask, 700);
  });

  /* Keys: J and K walk the criteria; 1, 2, 3 decide in a review. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const all = [...document.querySelectorAll("details.criterion")];
    if (!all.length) return;
    const now = all.findIndex((one) => one.contains(document.activeElement));
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const next = all[Math.min(all.length - 1, Math.max(0, now + (key === "j" ? 1 : -1)))];
      next.open = true;
      next.querySelector("summary").focus();
      event.preventDefault();
    } else if (["1", "2", "3"].includes(key) && now >= 0) {
      const choice = all[now].querySelectorAll("input[name$='-decision']")[Number(key) - 1];
      if (choice) { choice.checked = true; choice.focus(); event.preventDefault(); }
    }
  });

  /* All or none of the schools of a decision. */
  document.querySelectorAll("[data-all]").forEach((box) => {
    box.addEventListener("change", () => {
      document.querySelectorAll(`input[name="${box.dataset.all}"]`).forEach((one) => { one.checked = box.checked; });
    });
  });

  /* Open what the address points at, and put the focus on the summary of faults. */
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  if (target && target.tagName === "DETAILS") { /* what happened is said where it happened */
    document.querySelectorAll("main > .frame > .alert").forEach((one) => target.querySelector(".body").prepend(one));
  }
  document.querySelector("[data-focus]")?.focus();
})();
