"""Pages that belong to nobody."""

from accessibility.states.state import State, opens

STATES: tuple[State, ...] = (
    State("accueil", "Accueil", "home/page.html", opens("/")),
    State("aide", "Aide et contact", "home/help.html", opens("/aide")),
    State("cgu", "Conditions générales, à lire", "home/terms.html", opens("/cgu")),
    State("mentions", "Mentions légales", "home/legal.html", opens("/mentions-legales")),
    State("vos-donnees", "Données personnelles", "home/privacy.html", opens("/donnees-personnelles")),
    State("plan", "Plan du site", "home/site_map.html", opens("/plan-du-site")),
    State("accessibilite", "Déclaration", "home/accessibility.html", opens("/accessibilite")),
)  # fmt: skip
