// @ts-check
/** A post's link: what follows people about is cut off when it is pasted, and the channel is told
 *  from its host.  The server does the same (app/publicity/rules.py) for who has no JavaScript;
 *  tests/contract/link_cases.json tries both.
 *
 *  <form> <div data-link-form data-channels='[["facebook", ["facebook.com"]], …]' hidden></div> <input name="url"> …
 *    <input type="radio" name="channel" value="facebook"> */

const TRACKING =
  /^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|twclid|ttclid|li_fat_id|igsh|igshid|mibextid|mc_[ce]id|_rdr|_rdc|__cft__(\[\d+\])?|__tn__|__xts__(\[\d+\])?|rdid|share_url|si|sfnsn|extid|ref_src|ref_url|is_from_webapp|sender_device|web_id|_t|_r)$/i;

/** The link without tracking parameters; what is no link stays as it is.
 *  @param {string} typed */
export function cleanLink(typed) {
  let text = typed.trim();
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) && text.split("/")[0].includes(".")) {
    text = `https://${text}`;
  }
  const parts = /^(https?):\/\/([^/?#\s]+)([^?#\s]*)(?:\?([^#\s]*))?(#\S*)?$/i.exec(text);
  if (!parts) return typed;
  const [, scheme, host, path, query = "", fragment = ""] = parts;
  const kept = query.split("&").filter((pair) => pair && !follows(pair));
  const asked = kept.length ? `?${kept.join("&")}` : "";
  return `${scheme.toLowerCase()}://${host.toLowerCase()}${path}${asked}${fragment === "#" ? "" : fragment}`;
}

/** @param {string} pair */
function follows(pair) {
  const name = pair.split("=")[0];
  try {
    return TRACKING.test(decodeURIComponent(name));
  } catch {
    return TRACKING.test(name);
  }
}

/** The channel at whose hosts the link lies, or "".
 *  @param {string} link @param {[string, string[]][]} channels */
export function channelOf(link, channels) {
  const host = /^https?:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(link)?.[1].toLowerCase() ?? "";
  const found = channels.find(([, hosts]) =>
    hosts.some((known) => host === known || host.endsWith(`.${known}`)),
  );
  return found?.[0] ?? "";
}

/** @param {ParentNode} root */
export function startLinks(root) {
  for (const hook of root.querySelectorAll("[data-link-form]")) {
    const form = hook.closest("form");
    if (!form) continue;
    const box = /** @type {HTMLInputElement | null} */ (form.querySelector('input[name="url"]'));
    const told = /** @type {HTMLElement} */ (hook).dataset.channels ?? "[]";
    const channels = /** @type {[string, string[]][]} */ (JSON.parse(told));
    const tidy = () => box && tidyLink(form, box, channels);
    box?.addEventListener("change", tidy);
    box?.addEventListener("paste", () => setTimeout(tidy));
  }
}

/** @param {Element} form @param {HTMLInputElement} box @param {[string, string[]][]} channels */
function tidyLink(form, box, channels) {
  if (!box.value.trim()) return;
  box.value = cleanLink(box.value);
  const channel = channelOf(box.value, channels);
  const chip = /** @type {HTMLInputElement | null} */ (
    channel ? form.querySelector(`input[name="channel"][value="${channel}"]`) : null
  );
  if (!chip || chip.checked) return;
  chip.checked = true;
  chip.dispatchEvent(new Event("change", { bubbles: true }));
}
