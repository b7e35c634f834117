// Sends a chosen file at once, and says so beside it; what the page then knows the file by is the field's value.
element.addEventListener("change", async (event) => {
  const file = event.target.files?.[0];
  if (!file) return;
  const name = new Option(file.name).innerHTML;
  props.value = "sending";
  props.told = `Sending ${name} …`;
  const reply = await fetch("./uploads", { method: "POST", headers: { "X-File-Name": encodeURIComponent(file.name) }, body: file })
    .then(async (response) => (response.headers.get("content-type")?.includes("json") ? response.json() : {}))
    .catch(() => ({ error: "The assistant cannot be reached." }));
  props.value = reply.upload || "";
  props.told = reply.upload ? `Chosen: ${name}` : new Option(reply.error || "The server did not take this file.").innerHTML;
});
