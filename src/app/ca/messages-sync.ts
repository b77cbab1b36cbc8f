import type { Failure } from '../../domain/delivery';
import { bytes, duration, utc, utcTime } from '../format';
import { explain } from '../messages';
import type { SyncMessages } from '../messages-sync';
import { countedSpaced, operatorsText, spaced } from '../wording';

export const sync: SyncMessages = {
  title: 'DriftWatch',
  lead: 'Opcional: enviar cada resultat a DriftWatch, on un observatori segueix totes les seves càmeres. Hi van nombres i noms de fitxer, mai imatges.',
  views: { label: 'DriftWatch', send: 'Enviar', browse: 'Explorar' },
  browseNeedsAddress: 'Cal indicar primer l’adreça de DriftWatch a Enviar.',
  connection: {
    title: 'Connexió',
    address: 'Adreça de DriftWatch',
    addressHint:
      'L’arrel de la seva API. A un servidor sense camí s’hi afegeix /api/v1. Un camí com /driftwatch és del mateix servidor d’aquesta pàgina.',
    suggestions: ['https://drift-watch.cloud.ai4eosc.eu/api/v1', '/driftwatch'],
    more: 'Més',
    mytokenServer: 'Servidor de mytoken',
    timeout: 'Segons d’espera d’una resposta',
    timeoutHint: 'Més amb un enllaç lent. El que no s’ha respost es busca abans de tornar-ho a enviar.',
    save: 'Desar i provar',
    test: 'Provar la connexió',
    testing: 'Provant…',
    disconnect: 'Desconnectar…',
    disconnectAsk:
      'Oblidar l’adreça i el token? El que està pendent es queda aquí i continua esperant; el que s’ha enviat es queda allà.',
    disconnectYes: 'Desconnectar',
    keep: 'Conservar-ho',
    reachable: 'DriftWatch respon en aquesta adreça.',
    anonymous: 'Sense un token només es poden llegir els experiments públics.',
    registered: (email) => (email === '' ? 'Compte registrat.' : `Compte registrat: ${email}.`),
    myId: 'El meu id de DriftWatch',
    myIdHint: 'Un propietari el necessita per donar accés a un experiment.',
    copy: 'Copiar',
    copied: 'Copiat',
    otherTab:
      'Una altra pestanya de Porthole envia i desa l’adreça i el token. Cal tancar-la per canviar-los aquí.',
    plainHttp:
      'Per http sense xifrar, qualsevol a la xarxa pot llegir el token. Fora de la xarxa pròpia d’un vaixell, cal fer servir https.',
    register: 'Acceptar les condicions i registrar-se',
    registerHint:
      'En registrar-se s’accepten les condicions d’ús de DriftWatch, com fa register(accept_terms=True) en Python. El servei desa el correu electrònic i la identitat del token.',
  },
  cors: {
    title: 'Tres solucions',
    sameOrigin:
      'Obrir aquesta pàgina des d’un servidor que reenviï un camí a DriftWatch, i indicar aquest camí com a adreça. En un portàtil: DRIFT_MONITOR_URL=https://drift-watch.cloud.ai4eosc.eu npm start, i després /driftwatch.',
    nginx: 'El bloc per a nginx',
    operators: 'Demanar als operadors de DriftWatch que permetin aquesta pàgina. Enviar-los això, en anglès:',
    operatorsText,
    exporting:
      'Exportar el que està pendent com a JSON Lines des de la safata de sortida, i pujar-ho des d’un ordinador que arribi a DriftWatch.',
  },
  token: {
    title: 'Token',
    none: 'DriftWatch identifica per un mytoken, que pot obtenir tokens d’accés de curta durada. Només va al servidor de mytoken, mai a ningú més.',
    mytoken: 'mytoken',
    use: 'Fer-lo servir',
    code: 'o el seu codi de transferència',
    redeem: 'Obtenir-lo',
    codeHint: 'Crear el token en un ordinador i escriure aquí els seus 8 caràcters: pràctic en tauletes.',
    create: 'Crear un mytoken',
    createHint: (server) =>
      `obre el formulari de ${server} en una pestanya nova, amb AI4EOSC, DriftWatch i la caducitat ja emplenats`,
    days: 'dies fins que caduqui',
    memory: 'El mytoken és en memòria, i desapareix en tancar aquesta pàgina.',
    locked: 'Hi ha un mytoken desat en aquest dispositiu, bloquejat.',
    open: 'El mytoken està desat en aquest dispositiu amb la seva frase de contrasenya, i obert fins que es tanqui aquesta pàgina.',
    passphrase: 'Frase de contrasenya',
    keep: 'Desar-lo en aquest dispositiu',
    keepHint:
      'Es xifra amb una clau derivada de la frase de contrasenya. Això el protegeix al disc, no davant d’un script que s’executi en aquesta pàgina.',
    shortPassphrase: 'Almenys 8 caràcters.',
    unlock: 'Desbloquejar',
    otherTab: 'El token es dona i s’oblida a la pestanya que envia.',
    forget: 'Oblidar-lo aquí…',
    forgetAsk:
      'Oblidar-lo en aquest dispositiu? Al seu servidor continua sent vàlid fins que caduqui o es revoqui.',
    forgetYes: 'Oblidar-lo',
    revoked: 'El mytoken s’ha revocat i aquí s’ha oblidat.',
    revoke: 'Revocar-lo…',
    revokeAsk: 'Revocar-lo al seu servidor? Ja ningú no el podrà fer servir enlloc.',
    revokeYes: 'Revocar definitivament',
    facts: ({ isValid, expiresAt, usesLeft }) => {
      if (!isValid) return 'El seu servidor diu que ja no és vàlid: cal crear-ne un de nou.';
      const uses =
        usesLeft === null ? '' : usesLeft === 1 ? ', queda 1 ús' : `, queden ${spaced(usesLeft)} usos`;
      return `${expiresAt === null ? 'No caduca' : `Caduca el ${utc(expiresAt)}`}${uses}.`;
    },
  },
  destination: {
    title: (camera) => `On van els resultats de ${camera}`,
    none: 'Cal configurar abans una càmera: el que s’envia són els seus resultats.',
    needsToken: 'Cal connectar abans amb un token.',
    needsAccount: 'Cal provar abans la connexió: DriftWatch ha de saber de qui és el token.',
    goesTo: (experiment) => `Els resultats van a l’experiment ${experiment}.`,
    elsewhere: (address) =>
      `Es van enviar a ${address}. Cal tornar a triar l’experiment a l’adreça actual; el que està pendent el segueix.`,
    experiment: 'Experiment',
    choose: 'Triar…',
    looking: 'Cercant experiments…',
    lookAgain: 'Tornar a cercar',
    create: 'Crear-ne un de nou…',
    unlisted: (name) => `${name} (aquest token no hi pot enviar)`,
    name: 'Nom',
    description: 'Descripció',
    public: 'públic: tothom en pot llegir les anàlisis',
    publicHint:
      'Qualsevol pot llegir els noms i les descripcions, fins i tot d’un experiment privat; només les anàlisis estan protegides. No s’hi ha de posar res de confidencial.',
    existed: (name) => `Ja hi havia un experiment ${name} que es pot fer servir, i es fa servir.`,
    tags: 'Etiquetes, separades per comes',
    tagsHint:
      'DriftWatch hi filtra: càmera, lloc. Cadascuna d’1 a 20 caràcters. El que ja hi és conserva les seves fins que es torni a buscar.',
    tagsProblem: (tag) => `L’etiqueta ${tag} té més de 20 caràcters.`,
    model: 'Model',
    notBlank: 'Algun text, no només espais.',
    earlier: (n) =>
      n === 1
        ? 'enviar també l’anàlisi feta abans (1)'
        : `enviar també les ${countedSpaced(n, 'anàlisi', 'anàlisis')} fetes abans`,
    save: 'Enviar-ho allà',
    browse: 'Veure què hi ha',
    change: 'Canviar',
    cancel: 'Cancel·lar',
    stop: 'Deixar d’enviar…',
    stopAsk: (waiting) =>
      `No enviar res més d’aquesta càmera?${waiting > 0 ? (waiting === 1 ? ' 1 registre pendent no s’enviarà.' : ` ${spaced(waiting)} registres pendents no s’enviaran.`) : ''} El que s’ha enviat es queda allà.`,
    stopYes: 'Deixar d’enviar',
    preview: 'Què s’envia',
    previewOf: (name) => `De ${name}, literalment:`,
    previewNone: 'Aquí es mostra el registre de l’anàlisi més recent tan bon punt n’hi hagi una.',
  },
  outbox: {
    title: 'Safata de sortida',
    states: {
      queued: 'pendent',
      sending: 'en camí',
      unknown: 'per comprovar',
      sent: 'enviat',
      confirmed: 'enviat i verificat',
      refused: 'rebutjat',
      withdrawing: 'per retirar d’allà',
    },
    empty: 'Encara no s’ha enviat res, i no hi ha res pendent.',
    summary: (waiting, sent, refused) =>
      [
        waiting > 0 ? countedSpaced(waiting, 'registre pendent', 'registres pendents') : 'Res pendent',
        countedSpaced(sent, 'enviat'),
        ...(refused > 0 ? [countedSpaced(refused, 'rebutjat')] : []),
      ].join(', ') + '.',
    resting: {
      paused: 'En pausa: el que està pendent es conserva, i el que arribi també.',
      noAddress: 'No s’ha indicat l’adreça de DriftWatch: el que està pendent es conserva.',
      otherTab: 'Envia una altra pestanya.',
      elsewhere: (n, address) =>
        `${countedSpaced(n, 'registre pendent', 'registres pendents')} per a ${address}.`,
    },
    step: (step) => {
      switch (step.kind) {
        case 'progress':
          return 'Enviant…';
        case 'done':
          return 'Tot hi és, una vegada cadascun: comprovat després d’enviar.';
        case 'rest':
          return step.isForAudit
            ? `El que s’ha enviat es comprova una vegada més a les ${utcTime(step.until)} UTC.`
            : `El registre següent té el seu torn a les ${utcTime(step.until)} UTC.`;
        case 'wait':
          return `${reason(step.failure)} Pròxim intent a les ${utcTime(step.until)} UTC.`;
        case 'held':
          return step.until === null
            ? reason(step.failure)
            : `${reason(step.failure)} Pròxim intent a les ${utcTime(step.until)} UTC.`;
      }
    },
    doneButRefused: 'Tot el que DriftWatch accepta hi és, una vegada cadascun: comprovat després d’enviar.',
    elsewhere: (sentence) => `En un altre experiment: ${sentence}`,
    pause: 'Pausar',
    resume: 'Reprendre',
    tryNow: 'Provar-ho ara',
    resendRefused: 'Reintentar els rebutjats',
    exporting: 'Exportar com a JSON Lines',
    exportHint:
      'El que s’ha exportat es busca abans d’enviar-ho des d’aquí, perquè res no hi sigui dues vegades.',
    upload: 'Com pujar el fitxer des d’un altre ordinador',
    uploadHint:
      'Desar això com a upload.sh al costat del fitxer, posar-hi el mytoken a mytoken.txt i executar sh upload.sh. Necessita curl, diu què ha fet, i es pot tornar a executar si es talla la connexió.',
    exported: (n) =>
      n > 0
        ? `${countedSpaced(n, 'registre exportat', 'registres exportats')}.`
        : 'No hi ha res pendent, i no s’ha exportat res.',
    show: 'Mostrar',
    all: 'tots',
    columns: { captured: 'Captura (UTC)', image: 'Imatge', state: 'Estat', actions: 'Accions' },
    view: 'Veure',
    viewOf: (name) => `Veure el registre de ${name}`,
    resend: 'Reenviar',
    resendOf: (name) => `Reenviar el registre de ${name}`,
    lookUp: 'Tornar a comprovar',
    lookUpOf: (name) => `Tornar a comprovar el registre de ${name}`,
    earlier: 'en un experiment anterior',
    showMore: 'Mostrar-ne més',
    reason: (failure) => (failure ? reason(failure) : ''),
    skew: (milliseconds) =>
      `El rellotge d’aquest dispositiu va ${duration(Math.abs(milliseconds))} per ${milliseconds > 0 ? 'davant' : 'darrere'} del de DriftWatch. No afecta els tokens; les hores de captura deduïdes de la data del fitxer poden ser errònies.`,
    findRenewed: 'Cercar-ne un amb el mateix nom',
    noneRenewed: (name) => `No hi ha cap altre experiment ${name}. Cal triar-ne o crear-ne un a «Canviar».`,
    useRenewed: (name) => `Enviar al nou ${name}`,
    recordTitle: (name) => `Registre de ${name}`,
    recordFacts: (size) => `${bytes(size)}, literalment com s’envia:`,
    remoteId: (id) => `Id de DriftWatch: ${id}`,
  },
};

function reason({ code, detail }: Failure): string {
  return explain(code, detail);
}
