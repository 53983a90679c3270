// A passkey: the device answers what the form asks, its answer leaves with the form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

const sorry = {
  NotAllowedError: 'Rien n’a été envoyé. Appuyez de nouveau sur le bouton quand vous êtes prêt.',
  InvalidStateError: 'Cet appareil a déjà une clé d’accès pour votre espace : elle suffit.',
};

const asked = async (form, how) => {
  const publicKey = JSON.parse(form.dataset.passkey, (name, value) => (/^(id|challenge)$/.test(name) ? bytes(value) : value));
  const { id, type, response } = await navigator.credentials[publicKey.user ? 'create' : 'get']({ publicKey, ...how });
  const told = { transports: response.getTransports?.() || [] };
  for (const name in response) if (response[name] instanceof ArrayBuffer) told[name] = text(response[name]);
  form.elements.answer.value = JSON.stringify({ id, rawId: id, type, response: told });
};

// The sign-in page: the browser offers passkeys where the e-mail is typed, as long as the page's challenge
// is young; then the link below is left.
let offer;
const wait = async (form) => {
  offer = new AbortController();
  setTimeout(() => offer.abort(), 240000);
  try {
    await asked(form, { mediation: 'conditional', signal: offer.signal });
    form.submit();
  } catch { /* nothing chosen: the page is as good without */ }
};

// What a page that has just come wants of the device: to forget removed keys, to hold one, to offer its own.
export const prepare = async () => {
  const key = PublicKeyCredential;
  const place = document.querySelector('[data-passkey]');
  if (offer) offer.abort();
  if (place.dataset.kept) key.signalAllAcceptedCredentials(JSON.parse(place.dataset.kept));
  if (!place.hidden) return;
  if (!place.elements) place.hidden = !await key.isUserVerifyingPlatformAuthenticatorAvailable();
  else if (await key.isConditionalMediationAvailable()) wait(place);
};

// Ask the device, then send the form; what it refuses is told beside the button.
export const answer = async (form) => {
  const place = form.querySelector('[aria-live]');
  place.textContent = '';
  if (offer) offer.abort();
  try {
    await asked(form);
  } catch (error) {
    place.textContent = sorry[error.name] || 'Cet appareil ne sait pas utiliser de clé d’accès ici. Choisissez une autre façon.';
    return;
  }
  form.requestSubmit();
};
