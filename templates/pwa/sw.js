// Keeps the static files and the page without network, and nothing of anybody's. Pages always come
// from the network: none can be stale. A new version has new addresses, and its own store.
const STORE = 'portal-{{ asset("") }}';
const OFFLINE = '/hors-ligne';
const FILES = [
  '{{ asset("css/portal.css") }}', '{{ asset("js/portal.js") }}', '{{ asset("js/htmx.min.js") }}',
  '{{ asset("brand/mark.svg") }}',
];

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(STORE).then(async (store) => {
    // all or none, and none that is an error: a proxy's own page is tried again later
    await store.addAll([...FILES, new Request(OFFLINE, { credentials: 'omit', cache: 'no-store' })]);
  }));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url); // the address itself may end with « # » and a letter's code
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept || fetch(request)));
  }
});
