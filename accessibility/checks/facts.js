// What stands on the page, told once; the checks in Python judge it.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const shown = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const unseen = (each) => Boolean(each.closest('.vh,[hidden]'));
  const path = (each) => {
    const named = each.id ? `#${each.id}` : '';
    const classed = !named && each.classList.length ? `.${each.classList[0]}` : '';
    return each.tagName.toLowerCase() + named + classed;
  };
  const label = (each) => squeeze([...(each.labels || [])].map((one) => one.innerText).join(' ')).replace(/ \*$/, '');
  const described = (each) => (each.getAttribute('aria-describedby') || '').split(/\s+/).filter(Boolean)
    .map((id) => { const told = document.getElementById(id); return told ? squeeze(told.textContent) : null; });
  const box = (each) => { const { x, y, width, height } = each.getBoundingClientRect(); return { x, y, width, height }; };
  const alone = (each) => !/\S/.test([...each.parentElement.childNodes].filter((n) => n !== each && n.nodeType === 3).map((n) => n.data).join(''));
  const summary = document.querySelector('#errors');
  const links = all('a[href]').filter(shown);
  const own = (each) => squeeze([...each.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(' '));
  const focus = document.activeElement;
  const text = squeeze(document.body.innerText);
  return {
    title: document.title,
    lang: document.documentElement.lang,
    text,
    headings: all('h1,h2,h3,h4,h5,h6,[role=heading]').filter(shown).map((each) => [Number(each.getAttribute('aria-level') || each.tagName[1]), squeeze(each.textContent)]),
    links: links.map((each) => ({
      text: squeeze(each.getAttribute('aria-label') || each.textContent), href: each.getAttribute('href'),
      blank: each.target === '_blank', place: (each.closest('header,main,footer,nav') || { tagName: 'BODY' }).tagName,
      ...box(each), alone: alone(each), underlined: getComputedStyle(each).textDecorationLine.includes('underline'), path: path(each),
      inText: getComputedStyle(each).display === 'inline',
    })),
    targets: all('a[href],button,summary,input:not([type=hidden]),select,textarea').filter((each) => shown(each) && !unseen(each))
      .map((each) => ({ path: path(each), name: squeeze(each.innerText || label(each)).slice(0, 40), ...box(each), inline: getComputedStyle(each).display === 'inline', alone: alone(each), tag: each.tagName })),
    fields: all('input:not([type=hidden]),select,textarea').filter(shown).map((each) => ({
      id: each.id, name: each.name, type: each.type, label: label(each), autocomplete: each.getAttribute('autocomplete'),
      required: each.required || each.getAttribute('aria-required') === 'true', invalid: each.getAttribute('aria-invalid') === 'true', asked: Boolean(document.getElementById(`${each.id}-meant`)),
      described: described(each), inputmode: each.getAttribute('inputmode'), placeholder: each.placeholder || '', maxlength: each.getAttribute('maxlength'),
      autofocus: each.autofocus, value: each.type === 'password' ? (each.getAttribute('value') || '').length : 0, size: parseFloat(getComputedStyle(each).fontSize), ...box(each),
      labelBox: each.labels && each.labels[0] ? box(each.labels[0]) : null,
    })),
    forms: all('form').filter(shown).map((each) => ({ novalidate: each.noValidate, method: each.method, // one that sends, or several that each say which answer they give
      buttons: each.querySelectorAll('button:not([type=button],[hidden],[name])').length || Math.min(1, each.querySelectorAll('button[name]').length) })),
    buttons: all('button,[role=button]').filter(shown).map((each) => ({ text: squeeze(each.innerText), type: each.getAttribute('type') })),
    summary: summary && { text: squeeze(summary.innerText), links: [...summary.querySelectorAll('a')].map((each) => [each.getAttribute('href'), squeeze(each.textContent)]), items: [...summary.querySelectorAll('li')].map((each) => squeeze(each.textContent)) },
    focus: focus && focus !== document.body ? { path: path(focus), text: squeeze(focus.innerText).slice(0, 300) } : null,
    landmarks: all('header,nav,main,footer,[role=banner],[role=main],[role=contentinfo]').map((each) => each.tagName.toLowerCase() + (each.getAttribute('aria-label') ? `[${each.getAttribute('aria-label')}]` : '')),
    furniture: all('body > header a, body > footer a').map((each) => `${each.closest('header,footer').tagName} ${squeeze(each.textContent)} ${each.getAttribute('href')}`),
    counts: {
      img: all('img,[role=img],svg:not([aria-hidden=true]),area,input[type=image]').filter(shown).length,
      informative: all('img[alt]:not([alt=""]),[role=img],svg:not([aria-hidden=true]),input[type=image]').filter(shown).length,
      figure: all('figure').length, iframe: all('iframe,frame').length,
      table: all('table,[role=table],[role=grid]').filter((each) => each.getAttribute('role') !== 'presentation').length,
      layoutTable: all('table[role=presentation]').length, media: all('video,audio').length, object: all('object,embed,canvas').length,
      autoplay: all('[autoplay]').length, quote: all('blockquote,q').length, langs: all('body [lang]').length, dir: all('[dir]').length,
      groups: all('fieldset,[role=group],[role=radiogroup]').length, radios: all('input[type=radio]').length, select: all('select').length,
      fields: all('input:not([type=hidden]),select,textarea').filter(shown).length, lists: all('ul,ol,dl').length,
      downloads: all('a[download],a[href$=".pdf"],a[href$=".csv"],a[href$=".zip"],a[href$=".odt"],a[href$=".docx"]').length,
      accesskey: all('[accesskey]').length, refresh: all('meta[http-equiv=refresh i]').length, search: all('[type=search],[role=search]').length,
      tooltip: all('[title],[role=tooltip],[popover]').filter((each) => !['LINK', 'STYLE', 'IFRAME'].includes(each.tagName)).length,
      deprecated: all('font,center,big,strike,tt,marquee,blink,u,basefont').length,
      emoji: (text.match(/\p{Extended_Pictographic}/gu) || []).length, emptyParagraphs: all('p').filter((each) => shown(each) && !squeeze(each.textContent) && !each.matches('[role]') && !each.children.length).length,
      positive: all('[tabindex]').filter((each) => each.tabIndex > 0).length, dialogs: all('dialog,[role=dialog],[role=alertdialog]').filter(shown).length,
      live: all('[role=status],[role=alert],[aria-live]').length, backgrounds: all('body *').filter((each) => /url\(/.test(getComputedStyle(each).backgroundImage)).length,
      fakeLists: all('p').filter((each) => shown(each) && (own(each).match(/(^|\n)\s*[-–•*]\s/g) || []).length > 0 && /^[-–•*]\s/.test(own(each))).length,
    },
  };
})()
