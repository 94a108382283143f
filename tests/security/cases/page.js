// What the rules of pages.yaml catch in a script.
// ruleid: text-becomes-markup
element.innerHTML = text;
// ruleid: text-becomes-markup
element.insertAdjacentHTML("beforeend", text);
// ruleid: text-becomes-markup
element.outerHTML = text;
// ruleid: text-becomes-markup
document.write(text);
// ok: text-becomes-markup
element.textContent = text;
// ok: text-becomes-markup
const was = element.innerHTML;

// ruleid: text-becomes-program
eval(text);
// ruleid: text-becomes-program
const run = new Function(text);
// ruleid: text-becomes-program
setTimeout("go()", 10);
// ok: text-becomes-program
setTimeout(go, 10);

// ruleid: another-host
fetch("https://example.org/collect", { method: "POST" });
// ruleid: another-host
fetch(`//example.org/${path}`);
// ok: another-host
fetch("/api/v1/records", { method: "POST" });

// ruleid: message-from-anywhere
frame.postMessage(text, "*");
// ok: message-from-anywhere
port.postMessage(text);

// ruleid: secret-in-local-storage
localStorage.setItem("token", text);
// ok: secret-in-local-storage
localStorage.setItem("theme", text);
