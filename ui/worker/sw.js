// Keeps the page and its scripts, so that a screen opens though the server is away. Only files of
// the build are kept, none of what the server answers: that is what patients said.

const FILES = __FILES__;
const KEPT = "shell-__VERSION__";

/** What is the server's own; a sign-in link is not used up by a page that reaches nobody. */
const OF_SERVER = /^\/(?:api|webhook|u|m|healthz|metrics|signin)(?:\/|$)/;

/** How long a server may take to say that it is there. */
const PATIENCE_MS = 4_000;

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll(FILES);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const kept = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== KEPT);
    // A page that was opened before has the names of the version before.
    await Promise.all(kept.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || OF_SERVER.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  // What has a hash in its name never changes.
  else if (pathname.startsWith("/assets/")) event.respondWith(kept(request));
  else if (FILES.includes(pathname)) event.respondWith(fetch(request).catch(() => kept(request)));
});

/** The newest page the server has; the kept one where it is away, or does not answer. */
async function page(request) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(request, { signal: patience }).catch(() => null);
  if (answer && answer.status < 500) return answer;
  const cache = await caches.open(KEPT);
  return (await cache.match("/")) ?? answer ?? Response.error();
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}
