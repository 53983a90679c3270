// A passkey: the device answers what the form asks, its answer leaves with the form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

const sorry = {
  NotAllowedError: 'Rien n’a été envoyé. Appuyez de nouveau sur le bouton quand vous êtes prêt.',
  InvalidStateError: 'Cet appareil a déjà une clé d’accès pour votre espace : elle suffit.',
};

const asked = async (options) => {
  const publicKey = JSON.parse(options);
  const { user, excludeCredentials, allowCredentials } = publicKey;
  [publicKey, user, ...(excludeCredentials || []), ...(allowCredentials || [])].forEach((part) => ['id', 'challenge'].forEach((name) => {
    if (part && part[name]) part[name] = bytes(part[name]);
  }));
  const { id, type, response } = await navigator.credentials[user ? 'create' : 'get']({ publicKey });
  const told = { transports: response.getTransports ? response.getTransports() : [] };
  ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach((name) => {
    if (response[name]) told[name] = text(response[name]);
  });
  return JSON.stringify({ id, rawId: id, type, response: told });
};

// Ask the device, then send the form; what it refuses is told beside the button.
export const answer = async (form) => {
  const place = form.querySelector('[role=alert]');
  place.textContent = '';
  try {
    form.elements.answer.value = await asked(form.dataset.passkey);
  } catch (error) {
    place.textContent = sorry[error.name] || 'Cet appareil ne sait pas utiliser de clé d’accès ici. Choisissez une autre façon.';
    return;
  }
  form.requestSubmit();
};
