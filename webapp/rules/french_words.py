"""Accented words that a roll of French members is full of: first names, surnames, towns, contracts.

They settle what the shape of a word leaves open (`encodings`): « LEFÈVRE » and « LEFÔVRE » are the
same bytes in two encodings, and only one of them is somebody's name.
"""

_WORDS = """
    adèle adélaïde agnès aimé aimée alizé aloïs amélie anaé anaël anaïs andré andrée angèle
    angélique aurélie aurélien benoît béatrice bénédicte bérangère bérénice chloé clélia
    clémence clément clémentine cléo cécile cédric céleste célestin célia célie céline côme
    danièle dorothée désiré désirée esméralda estéban eugénie françois françoise frédéric
    frédérique félicie félicité félix gaétan gaël gaëlle gaëtan geneviève grâce grégoire grégory
    gérald géraldine gérard hervé héloïse hélène héléna inès irène isaïe josé josée joséphine
    joël joëlle judicaël jérémie jérémy jérôme kévin lorène loïc loïs loïse léa léandre léna léo
    léon léonard léonie léonor léopold marlène maël maëlle maëlys maïa maïté maïwenn maÿlis
    michaël michèle mickaël moïra moïse médéric mélanie mélina mélissa mélodie nadège naël noé
    noélie noémie noël noëlle noëllie néo océane odélie ophélie pénélope raphaël raphaëlle rené
    renée roméo régine régis réjane rémi rémy siméon solène stéphane stéphanie sylvère sébastien
    ségolène séréna séverine théa théo théodore théophile thérèse timothée timéo valère valérian
    valérie véra véronique yaël yaëlle zoé zélie ève édith édouard éliane élie élisa élisabeth
    élise élodie élouan éloïse émeline émile émilie émilien énora éric érika éva évelyne
    allégret besançon boëdec brière bruyère bréchet bréhier béchard bédard bélanger bénard
    béranger bérard bérenger bérubé carrière carrère chabrière chrétien châtaignier château
    châtelain châtelet chéron cléret cléry couturière couëdic coëffé crépin créton crêpe cézanne
    côte côté debré delaître delâtre desprès després dréano dubé dubœuf duchêne dufrêne dupré
    désert ferrière ferrère fléchard frère fréchet fénelon genève genêt grévin guéant guéguen
    guénolé guérin guéry gâteau gâtineau gélinas général gérôme huré héas hébert hérault
    hérouville hôte isère jégou kœnig lacôte laîné lebœuf lefèvre lefébure lefébvre legoëff
    lemaître lenôtre lesœur léger lépine lévesque lévy lévêque mallarmé maréchal maître
    michaëlis molière mâcon méchin médard mégret ménard mérigot mérimée müller noiré nègre pagès
    piéplu plâtre poincaré prévert prévost prévot pécresse péguy pélissier pérez périer pétain
    quéré rivière rochère rosière rémond rémusat rénier sallé schœlcher sénéchal sévère sœur
    thiéry thébault théron thévenet thévenin thévenot trouvé trébuchet trémoille vallée verrière
    viviès véron vézina zévaco échard érard œuvrard adhérent adhérente adhérents adhésion année
    bénéficiaire civilité clé collège créé créée cœur décès décédé dépendance dépôt forêt
    générale généraux hospitalière hôpital intégral intégrale liberté marié mariée maîtrise
    maîtrisé modéré numérique numéro né née optimisée première privilège protégé prénom prénoms
    prévention prévoyance retraité retraitée réf référence régime réseau salarié salariée santé
    société spécial sécurité sélection sénior série sérénité téléphone âge éco économie
    économique énergie équilibre étudiant étudiante évolution île alençon allée alès angoulême
    ardèche asnières boissière bât bâtiment béziers chambéry chaussée châlons châtellerault cité
    colombières compiègne corrèze créteil côtes drôme finistère foncière fougères guéret
    libération lozère lunéville marché montélimar musée métropole mézières nîmes oléron orléans
    pré préfecture prés président pyrénées pâquerettes pépinière périgueux pêcheurs quimperlé
    rhône république résidence résistance réunion saône sète thénard thérouanne troisième
    tréport vendée verrières vélizy vénissieux école église étage étang étoile évreux évry
"""
FRENCH_WORDS = frozenset(_WORDS.split())
