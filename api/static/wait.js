// Looks how far a delivery came, and moves on as soon as there is something to see.

const box = document.getElementById("wait");
const LONGEST = 5000;

async function look(pause) {
  let state = box.dataset.state;
  try {
    const answer = await fetch(`/api/v1/deliveries/${box.dataset.delivery}`, { cache: "no-store" });
    if (answer.ok) state = (await answer.json()).state;
  } catch {
    // The server may be restarting; the next look will tell.
  }
  if (state !== box.dataset.state) location.reload();
  else setTimeout(look, pause, Math.min(pause * 1.4, LONGEST));
}

setTimeout(look, 300, 500);
