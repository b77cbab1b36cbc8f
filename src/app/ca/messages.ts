import type { Blindness } from '../../domain/blindness';
import type { CleaningReport } from '../../domain/cleaning';
import type { ConfigNotice } from '../../domain/config-toml';
import type { MatchProblem } from '../../domain/match-files';
import type { CompletedJob } from '../../domain/job';
import { lowerLineOf, NO_PERSISTENCE } from '../../domain/persistence';
import type { DriftStatus } from '../../domain/thresholds';
import { bytes, counted, duration, limit, threeDigits, utc } from '../format';
import type { Messages } from '../messages';
import { listedShort, spaced } from '../wording';
import { detail } from './details';

const BLINDNESS: Record<Blindness, string> = {
  saturated:
    'sigma és tan gran que totes les imatges semblen iguals, també les brutes. Cal triar-ne una de més petita a Calibrar, a «Amplada de banda».',
  empty:
    'sigma és tan petita que no hi ha dues imatges semblants, i fins i tot una lent bruta dona una distància de gairebé 0. Cal triar-ne una de més gran a Calibrar, a «Amplada de banda».',
  'no-spread':
    'totes les imatges de la referència donen el mateix embedding, i no hi ha amb què comparar. Cal crear una referència d’imatges netes diferents.',
  'out-of-reach':
    'cap distància a aquesta referència pot superar el límit de deriva. Cal triar-ne un de més baix, o calibrar els límits.',
};

const errors: Messages['errors'] = {
  'file-unreadable': () =>
    'El fitxer ja no es pot llegir: s’ha mogut, canviat o esborrat, o se n’ha extret la targeta. Cal deixar-lo anar de nou.',
  'empty-file': () => 'El fitxer és buit. Cal copiar-lo de nou des de la càmera.',
  'file-too-large': (size) =>
    `El fitxer és massa gran per al que hauria de ser (${size}), així que no s’ha obert. No s’ha canviat res més.`,
  'not-an-image': () => 'Aquest fitxer no és una imatge que es pugui llegir.',
  'image-damaged': () => 'La imatge està malmesa o tallada. Cal copiar-la de nou des de la càmera.',
  'image-too-large': (size) => `La imatge és massa gran per obrir-la amb seguretat (${size} píxels).`,
  'image-too-small': () => 'La imatge no té píxels.',
  'worker-lost': () => 'La lectura d’aquest fitxer ha aturat el codificador dues vegades, i s’ha apartat.',
  'entry-damaged': () =>
    'No s’ha pogut extreure del seu fitxer zip. Cal comprimir-lo de nou o deixar-lo anar sense comprimir.',
  'clock-ahead': () =>
    'El fitxer indica una hora que encara no ha arribat, i s’ha apartat: no compta en cap veredicte. No s’ha perdut res. El Monitor explica com corregir l’hora; després cal donar el fitxer de nou.',
  'clock-impossible': () =>
    'El fitxer indica una hora en què no es pot haver fet, com fan les càmeres amb el rellotge reiniciat, i s’ha apartat: no compta en cap veredicte. No s’ha perdut res. El Monitor explica com corregir l’hora; després cal donar el fitxer de nou.',
  'model-not-onnx': (why) =>
    `Aquest fitxer no és un model ONNX que es pugui llegir${why ? ` (${why})` : ''}. No s’ha canviat res. Cal exportar el model de nou com un sol fitxer .onnx.`,
  'model-external-data': () =>
    'Aquest model desa els pesos en un segon fitxer. No s’ha canviat res. Cal desar-lo com un sol fitxer .onnx, amb els pesos a dins.',
  'model-input': (found) =>
    `Aquest model no accepta imatges: necessita una entrada float32 de forma [N, 3, alt, ample]. Té ${found}. No s’ha canviat res.`,
  'model-no-embedding': (found) =>
    `Cap sortida d’aquest model no sembla un embedding, una llista de nombres per imatge. Té ${found}. No s’ha canviat res.`,
  'model-endless': (seconds) =>
    `El model no va acabar amb una imatge petita en ${seconds} s i s’ha aturat: potser conté un bucle sense fi, o és massa lent per a aquest dispositiu. No s’ha canviat res. Cal usar un altre model, o provar-lo en un dispositiu més ràpid.`,
  'model-set-aside': (name) =>
    `El model ${name} ja va trigar massa aquí, de manera que no s’obre més per si sol. El que s’ha avaluat està fora de perill, i les càmeres amb altres models continuen. A Paràmetres, Models, es pot tornar a provar.`,
  'model-operators': (operator) =>
    `L’ONNX Runtime d’aquest navegador no pot executar aquest model: ${operator}. No s’ha canviat res. Cal exportar-lo amb operadors d’opset 17 o anterior.`,
  'model-not-trainable': (what) =>
    `Porthole no pot entrenar a través de ${what}, que aquest model conté. No s’ha canviat res; el model es pot fer servir tal com és.`,
  'model-not-adaptable': (name) =>
    `El model ${name} no indica quines parts es poden substituir, de manera que no es pot ajustar a una càmera. No s’ha canviat res. Cal mesurar a Calibrar límits adequats a la càmera, o configurar-la de nou amb un altre model.`,
  'adaptation-too-few': (given) =>
    `És massa poc per adaptar un model: es poden fer servir ${given}, i calen 60 imatges netes o més, repartides en almenys 3 dies, de manera que la meitat no siguin dels més recents. No s’ha canviat res.`,
  'training-diverged': (step) =>
    `L’entrenament s’ha perdut al pas ${step}: els nombres ja no són finits. Es conserva la millor versió anterior, i la càmera manté el seu model. Cal descartar l’entrenament i començar de nou.`,
  'model-checksum': (name) =>
    `El fitxer del model ${name} no és el que descriu el seu manifest, i per això no es fa servir. Cal recarregar la pàgina o afegir el model de nou.`,
  'model-missing': (name) =>
    `Aquest dispositiu no té el model ${name} amb què es va configurar la càmera. El que s’ha avaluat està segur. Per continuar, cal deixar anar el fitxer .onnx a la pàgina.`,
  'model-manifest': (where) => `La descripció del model no es pot fer servir: ${where}. No s’ha canviat res.`,
  'self-test': (difference) =>
    `L’autoprova ha fallat: la imatge incorporada ha donat un embedding diferent del que cal (${difference}). No es mostra cap veredicte, perquè podria ser erroni. Cal fer servir un altre navegador o dispositiu; el que s’ha avaluat abans està segur.`,
  'no-backend': (why) =>
    `ONNX Runtime no pot arrencar aquí (${why}). No s’ha perdut res del que hi ha desat. Funciona en un Chrome, Edge, Firefox o Safari actual.`,
  'reference-too-small': (count) =>
    `Una referència necessita almenys dues imatges netes, millor quaranta de diversos dies; en queden ${count || '0'}. No s’ha canviat res. Cal afegir més imatges netes.`,
  'embedding-length': (lengths) =>
    `Els embeddings tenen una longitud diferent de la del model (${lengths}): els ha fet un altre model. No s’ha canviat res.`,
  'embedding-not-finite': (where) =>
    `Un embedding conté un nombre que no és finit${where ? ` (${where})` : ''}. No s’ha comptat.`,
  'detector-settings': (why) =>
    `El detector no pot treballar amb aquests paràmetres: ${why}. No s’ha canviat res.`,
  'detector-blind': (why) =>
    `No es pot dir res amb aquests paràmetres: ${BLINDNESS[why as Blindness]} Tot el que s’ha desat està segur.`,
  'not-fitted': () => 'El detector encara no té referència. Cal crear-ne una primer.',
  'config-syntax': (where) =>
    `La configuració no és TOML vàlid: ${where}. No s’ha canviat res. Cal corregir-la i deixar-la anar de nou.`,
  'config-value': (what) =>
    `La configuració no es pot fer servir: ${what}. No s’ha canviat res. Cal corregir-la i deixar-la anar de nou.`,
  'config-newer': (format) =>
    `Aquesta configuració la va escriure una versió més nova de Porthole (format ${format}). No s’ha canviat res. Cal recarregar aquesta pàgina per tenir la versió més nova i deixar-la anar de nou.`,
  'npy-format': (why) =>
    `Aquest fitxer no és una matriu NumPy que es pugui llegir (${why}). No s’ha canviat res.`,
  'npy-pickle': (name) =>
    `${name || 'Aquest fitxer'} és un pickle de Python, que pot executar codi quan s’obre, i per això es rebutja. Cal convertir-lo en Python: numpy.save("reference.npy", torch.load("reference.pth").detach().cpu().numpy()), i deixar anar aquí reference.npy.`,
  'npy-shape': (why) =>
    `Els embeddings han de tenir la forma (n, d) o (n, 1, d): ${why}. No s’ha canviat res.`,
  'file-too-slow': (name) =>
    `Llegir ${name} triga massa, així que s’ha abandonat i no s’ha canviat res. Un fitxer escrit per Porthole o per numpy es llegeix en segons.`,
  'disk-full': () =>
    'No queda espai al dispositiu. Tot el que s’ha avaluat fins ara està segur; la resta no s’ha comprovat. Cal alliberar espai i deixar anar de nou els mateixos fitxers: els ja avaluats s’ometen.',
  'embeddings-lost': () =>
    'Falten de l’emmagatzematge els embeddings d’algunes imatges, de manera que aquest historial no es pot avaluar de nou. Els resultats queden com estan.',
  'storage-failed': () =>
    'El navegador no ha pogut desar els resultats. Tot el que ja s’havia desat està segur; la resta no s’ha comprovat. Cal recarregar la pàgina i deixar anar de nou els mateixos fitxers.',
  'storage-refused': () =>
    'El navegador no deixa que aquesta pàgina desi res: una finestra privada ho pot prohibir, i un ajust que bloca les dades dels llocs també. Cal obrir-la en una finestra normal, o permetre les dades d’aquest lloc, i recarregar.',
  'storage-blocked': () =>
    'Hi ha una versió anterior de Porthole oberta en una altra pestanya. Cal tancar-la i recarregar aquesta.',
  'storage-newer': () =>
    'Un Porthole més nou ha treballat en aquest navegador, i aquesta versió és anterior i no pot llegir el que desa. Tot el que s’ha desat està fora de perill, i no s’ha canviat res. Cal obtenir la versió més nova; si això persisteix, tancar les altres pestanyes de Porthole i recarregar amb connexió.',
  'not-the-writer': () =>
    'Porthole treballa en una altra pestanya, i aquesta només mostra. Cal fer servir l’altra o tancar-la.',
  busy: () =>
    'Porthole treballa en un altre lot, i no s’ha canviat res. Cal esperar que acabi o cancel·lar-lo.',
  'worker-ended': () =>
    'El navegador ha tancat una part de Porthole que treballava, gairebé sempre per falta de memòria. Tot el que s’ha desat és segur. Cal tancar altres pestanyes i provar-ho de nou.',
  unexpected: (what) =>
    `Alguna cosa inesperada ho ha aturat (${what}). El que s’ha avaluat està segur. Cal recarregar la pàgina i tornar-ho a provar.`,
  address: (why) =>
    `Aquesta adreça no es pot fer servir: ${why}. No s’ha canviat res. Cal indicar l’arrel de l’API de DriftWatch, com ara https://drift-watch.cloud.ai4eosc.eu/api/v1, o un camí del mateix servidor d’aquesta pàgina, com ara /driftwatch.`,
  offline: () => 'Aquest dispositiu no té connexió. Tot està segur aquí i s’envia sol quan torna la xarxa.',
  'no-answer': (host) =>
    `${host} no ha respost. Tot està segur aquí, i el que està pendent s’envia sol quan respongui. Cal comprovar l’adreça, la xarxa i els bloquejadors d’anuncis.`,
  'timed-out': (host) =>
    `${host} ha trigat massa a respondre. Tot està segur aquí; el que pugui haver arribat es busca abans de tornar-ho a enviar.`,
  'cors-blocked': (host) =>
    `${host} respon, però no deixa que les pàgines d’aquesta adreça en llegeixin les respostes (CORS). Tot està segur aquí. Cal provar la connexió: mostra tres solucions.`,
  'wrong-base-path': () =>
    'Alguna cosa respon en aquesta adreça, però no és l’API de DriftWatch, o redirigeix a un altre lloc. No s’ha enviat res. Una adreça completa sol començar per https:// i acabar en /api/v1; un camí del mateix servidor d’aquesta pàgina, com ara /driftwatch, no.',
  'answer-unreadable': (why) =>
    `No s’ha pogut entendre la resposta${why ? ` (${why})` : ''}. Aquí no s’ha canviat res; es comprova abans de tornar a enviar.`,
  'remote-id': () =>
    'Un experiment o registre té un identificador que DriftWatch no dona, de manera que no s’hi ha enviat res. Tot està segur aquí. Cal tornar a triar l’experiment de la càmera.',
  'server-busy': (seconds) =>
    `El servei demana esperar${seconds ? ` ${seconds} s` : ''}. Tot està segur aquí i es reintenta sol.`,
  'server-failed': (status) =>
    `El servei ha fallat (HTTP ${status || '5xx'}). Tot està segur aquí i es reintenta sol.`,
  'gateway-failed': (status) =>
    `L’adreça respon, però el servei que hi ha al darrere no (HTTP ${status}). Tot està segur aquí i es reintenta sol.`,
  'token-missing': () =>
    'No s’ha donat cap token des que s’ha obert aquesta pàgina. Cal donar un mytoken per continuar.',
  'token-locked': () =>
    'El mytoken desat està bloquejat. Cal donar-ne la frase de contrasenya per continuar.',
  'token-refused': (why) =>
    `DriftWatch ha rebutjat el token${why ? ` (${why})` : ''}, i també un de nou. Tot està segur aquí. Potser el proveïdor d’identitat no funciona; si no, cal donar un altre mytoken.`,
  'not-registered': () => 'Falta el registre a DriftWatch. Cal acceptar-ne les condicions per continuar.',
  'email-unverified': () =>
    'DriftWatch exigeix un correu electrònic verificat. Cal verificar-lo al proveïdor d’identitat i tornar a provar la connexió.',
  'no-platform-access': () =>
    'Aquest compte encara no té accés a la plataforma AI4EOSC. Cal demanar-lo a la plataforma i tornar a acceptar les condicions.',
  'not-permitted': (why) =>
    `Aquest compte no té permís per fer això${why ? ` (${why.replace(/\.$/, '')})` : ''}. Tot està segur aquí. Cal demanar al propietari de l’experiment que doni el nivell Edit a l’id de DriftWatch propi.`,
  'experiment-missing': () =>
    'L’experiment ja no hi existeix. Tot està segur aquí. Cal triar-ne un altre o tornar-lo a crear.',
  'record-missing': () =>
    'El registre s’hi ha esborrat. L’anàlisi està segura aquí. Cal tornar-lo a enviar si hi ha de ser.',
  'name-taken': () =>
    'Ja hi ha un experiment amb aquest nom que no es pot fer servir. Cal triar un altre nom.',
  'record-refused': (why) =>
    `DriftWatch ha rebutjat el registre (${why}). L’anàlisi està segura aquí. Cal corregir les etiquetes o el model i reintentar-ho.`,
  'record-poison': (status) =>
    `DriftWatch falla amb aquest registre (HTTP ${status || '5xx'}) i n’accepta d’altres, i per això s’ha apartat. L’anàlisi està segura aquí.`,
  'record-changed': () =>
    'El registre s’hi ha modificat després d’enviar-lo. L’anàlisi d’aquí continua com era.',
  'record-differs': () =>
    'Allà ja hi ha un registre d’aquesta anàlisi que diu una altra cosa i que aquest dispositiu no ha enviat. S’ha deixat com està i no se n’ha enviat cap altre. L’anàlisi d’aquí continua igual.',
  'mytoken-no-answer': (host) =>
    `El servidor de mytoken ${host} no ha respost; també passa quan se’l consulta massa. Tot està segur aquí, i el que està pendent s’envia sol quan respongui.`,
  'mytoken-refused': (why) =>
    `El mytoken s’ha rebutjat${why ? ` (${why})` : ''}: és incorrecte, ha caducat o s’ha revocat. Tot està segur aquí. Cal donar-ne un de nou.`,
  'mytoken-restricted': (why) =>
    `El mytoken no ho permet${why ? ` (${why})` : ''}. Tot està segur aquí. Cal crear-ne un que pugui obtenir tokens d’accés i al qual quedin usos.`,
  'mytoken-failed': (why) =>
    `El servidor de mytoken ha fallat${why ? ` (${why})` : ''}. Tot està segur aquí i es reintenta sol.`,
  'transfer-code': () =>
    'El codi de transferència no s’ha acceptat: els codis valen per a un sol ús i uns minuts. Cal crear-ne un de nou.',
  passphrase: () =>
    'Aquesta no és la frase de contrasenya. El token continua bloquejat; no s’ha canviat res.',
  'no-web-crypto': () =>
    'Aquesta pàgina ha arribat per http sense xifrar, on els navegadors no ofereixen criptografia, i no es pot desar el token. Serveix per a aquesta visita.',
  'fetch-failed': (path) =>
    `No s’ha pogut baixar ${path}. Tot el que hi ha desat està segur. Cal comprovar la connexió i reintentar-ho.`,
};

const words: Messages['verdict']['words'] = {
  'warming-up': 'preparant',
  normal: 'normal',
  warning: 'avís',
  drift: 'deriva',
  'not-checked': 'sense comprovar',
};

const log = { cleaned: 'Neteja', moved: 'Moviment', note: 'Nota' };

export const messages: Messages = {
  errors,
  detail,
  app: {
    name: 'Porthole',
    tagline: 'La càmera encara hi veu amb claredat?',
    places: {
      monitor: 'Monitor',
      reference: 'Referència',
      calibrate: 'Calibrar',
      jobs: 'Anàlisis',
      driftwatch: 'DriftWatch',
      settings: 'Paràmetres',
    },
    navigation: 'Seccions',
    left: {
      nothing: 'Res no ha sortit d’aquest dispositiu',
      'no-result': 'Cap resultat no ha sortit d’aquest dispositiu',
      some: (count, waiting) =>
        (count > 0
          ? `${counted(count, 'resultat enviat', 'resultats enviats')} a DriftWatch, cap imatge`
          : 'S’han enviat resultats a DriftWatch, cap imatge') +
        (waiting > 0 ? `; ${counted(waiting, 'pendent')}` : ''),
    },
    held: {
      explain: (reason) => `Ara no s’envia res a DriftWatch: ${reason}`,
      open: 'Obrir DriftWatch',
    },
    camera: 'Càmera',
    newCamera: 'Càmera nova…',
    noCamera: 'No hi ha cap càmera configurada. Cal crear primer una referència.',
    skip: 'Anar al contingut',
    dropHere: 'Deixar anar per comprovar aquestes imatges',
    dropForReference: 'Deixar anar per afegir aquests fitxers a la referència',
    dropForCalibration: 'Deixar anar per afegir aquestes imatges com a netes',
    dropHint: 'Deixar anar imatges o una carpeta en qualsevol lloc d’aquesta pàgina, o',
    chooseFiles: 'triar fitxers',
    chooseFolder: 'triar una carpeta',
    or: 'o',
    dismiss: 'Descartar',
    close: 'Tancar',
    outdated:
      'Porthole s’ha actualitzat, o se n’ha tancat l’emmagatzematge, en una altra pestanya. Cal recarregar aquesta pàgina per continuar; no es perd res.',
    reload: 'Recarregar',
    onlooker: 'Porthole treballa en una altra pestanya. Aquesta la segueix i no escriu res.',
    ignored: (names) =>
      names.length === 1
        ? `1 fitxer omès, no és una imatge: ${list(names)}.`
        : `${String(names.length)} fitxers omesos, no són imatges: ${list(names)}.`,
    opening: 'Obrint…',
    unreadable: (names) =>
      `${counted(names.length, 'fitxer o carpeta no s’ha pogut', 'fitxers o carpetes no s’han pogut')} obrir: ${list(names)}. Els altres s’han agafat.`,
  },
  welcome: {
    title: 'La càmera submarina encara hi veu amb claredat?',
    lead: 'Porthole compara les imatges més recents amb altres de netes i indica quan cal netejar la lent. Tot es calcula en aquest navegador; les imatges no surten mai del dispositiu.',
    demo: 'Provar la càmera de demostració',
    demoHint: 'Un escull dibuixat: setmanes d’imatges en què la lent s’embruta i es neteja.',
    fetching: 'Baixant la demostració…',
    setUp: 'Configurar la meva càmera',
    setUpHint: 'Calen imatges fetes amb la lent neta, o el config.toml del tutorial.',
    openExport: 'Obrir una exportació d’un altre portàtil',
  },
  verdict: {
    label: 'Veredicte',
    words,
    instruction: {
      'warming-up': 'Preparant',
      normal: 'La lent és neta',
      warning: 'Convé vigilar-la',
      drift: 'Netejar la lent',
      'not-checked': 'Encara sense comprovar',
    },
    cantTell: { word: 'no es pot dir', instruction: 'No es pot dir' },
    warmingUp,
    warmingUpSentence: (missing) =>
      missing === 1
        ? 'La finestra s’omple amb 1 imatge més abans del primer veredicte.'
        : `La finestra s’omple amb ${String(missing)} imatges més abans del primer veredicte.`,
    noneSentence:
      'No s’ha comprovat cap imatge amb els paràmetres actuals d’aquesta càmera. Cal deixar anar imatges en qualsevol lloc de la pàgina.',
    noneOfModel: (name) =>
      `El model actual de la càmera, ${name}, encara no n’ha avaluat cap imatge. El que va dir el model anterior queda al seu propi historial.`,
    sentence: (status, job, count) => verdictSentence(status, job, count),
    clockDoubted: (newest) =>
      `La imatge més recent indica ${utc(newest)}, i segons el rellotge d’aquest dispositiu això encara no ha arribat. Un dels dos rellotges va malament, i per això no es diu res de la lent. No s’ha perdut res; cal indicar a sota quin rellotge va malament.`,
    early: (count, distance, drift) =>
      `Fins ara, ${images(count)}: distància ${threeDigits(distance)}, per ${distance > drift ? 'sobre' : 'sota'} del límit de deriva de ${limit(drift)}.`,
    window: (count, span) => `finestra de ${images(count)}, ${duration(span)}`,
    calibrated: (version, { days, heldOutDays, heldOutEvents }) =>
      `calibrat amb ${counted(days, 'dia net', 'dies nets')} d’aquesta càmera${heldOutDays === null ? '' : `, ${falseAlarms(heldOutEvents ?? 0)} en ${counted(heldOutDays, 'dia exclòs', 'dies exclosos')}`} (versió ${String(version)})`,
    confirmed: (version, { days }) =>
      `els límits del mateix model, que ${counted(days, 'dia net', 'dies nets')} d’aquesta càmera ${days === 1 ? 'confirma' : 'confirmen'} (versió ${String(version)})`,
    imported: ({ days }) =>
      `calibrat amb ${counted(days, 'dia net', 'dies nets')}, segons el config.toml amb què va arribar, no en aquest dispositiu`,
    replayed: (version) => `versió ${String(version)} dels paràmetres, sense calibrar per a aquesta càmera`,
    otherCalibration: 'calibrat per a altres paràmetres o una altra referència, no per a aquests',
    uncalibrated: 'límits publicats, sense calibrar per a aquesta càmera',
    ownLimits: 'límits propis, sense calibrar per a aquesta càmera',
    demoLimits: 'límits publicats, sense calibrar',
    newestFailed: (name) => `El fitxer més recent, ${name}, no s’ha pogut comprovar.`,
    openSnapshot: 'Obrir la imatge',
    deck: 'Mode a bord',
    takePicture: 'Fer una foto',
    cleanedSince: (at) => `La lent es va netejar el ${utc(at)}. `,
    checkMore: 'Comprovar imatges',
    none: 'encara cap',
    ring: (status, distance) =>
      `La imatge més recent dins d’un anell que s’omple amb la distància: ${status}${distance === null ? '' : `, ${distance}`}`,
  },
  progress: {
    label: 'Progrés',
    of: (done, total) => `${String(done)} de ${String(total)}`,
    rate: (perSecond) => `${perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0)} per segon`,
    left: (seconds) => `queden uns ${duration(seconds * 1000)}`,
    preparing: 'preparant el model…',
    pause: 'Pausar',
    resume: 'Reprendre',
    cancel: 'Cancel·lar',
    paused: 'en pausa',
  },
  monitor: {
    seenBefore: (count) =>
      count === 1
        ? '1 fitxer ja s’havia vist i no s’ha tornat a comptar.'
        : `${String(count)} fitxers ja s’havien vist i no s’han tornat a comptar.`,
    goOnWithDemo: 'Continuar amb la demostració',
    rejudge: {
      label: 'Avaluades per un model anterior',
      notice: (count, name) =>
        count === 1
          ? `1 imatge només la va avaluar un model anterior; el seu veredicte queda a l’historial d’aquell model. Cal tornar a triar-ne la carpeta per avaluar-la també amb l’actual, ${name}.`
          : `${String(count)} imatges només les va avaluar un model anterior; els seus veredictes queden a l’historial d’aquell model. Cal tornar a triar-ne la carpeta per avaluar-les també amb l’actual, ${name}. El que ja ha avaluat es reconeix.`,
      folder: 'Triar-ne la carpeta',
      files: 'Triar-ne els fitxers',
    },
    newest: 'Imatges més recents',
    allJobs: 'totes les anàlisis',
    failedFiles: 'Fitxers que no s’han pogut comprovar',
    moreFailed: (count) => `i ${String(count)} més, vegeu totes les anàlisis`,
  },
  chart: {
    title: 'Distància segons l’hora de captura',
    warning: (value) => `avís ${limit(value)}`,
    drift: (value) => `deriva ${limit(value)}`,
    summary: (count, first, last, highest) =>
      `Gràfic de línies de ${counted(count, 'distància', 'distàncies')} del ${utc(first)} al ${utc(last)}, la més gran ${threeDigits(highest)}. La taula d’Anàlisis té tots els nombres.`,
    failed: 'No s’ha pogut carregar el gràfic. Tots els nombres són a Anàlisis.',
    empty: 'Les distàncies apareixen aquí tan bon punt s’ha comprovat una finestra completa.',
    histories: 'Es mostra',
    history: (version, sigma, windowSize, model) =>
      `${model === null ? '' : `${model}, `}referència ${String(version)}, sigma ${String(sigma)}, finestra ${String(windowSize)}`,
    ofEarlierModel: (name) => `Aquestes són les distàncies d’un model anterior, ${name}.`,
    forecast:
      'Els traços continuen a aquest ritme fins al límit de deriva; el tascó que els envolta conté el 95 % del que les imatges permeten.',
    guessed: 'Algunes hores de captura s’han deduït de la data del fitxer.',
    events: { cleaned: 'neteja', moved: 'moviment', note: 'nota' },
    negative:
      'La distància és una estimació no esbiaixada de la MMD al quadrat: amb la lent neta ronda el zero, i la meitat de les vegades queda una mica per sota.',
  },
  log: {
    title: 'Neteges i notes',
    buttons: { cleaned: 'Lent netejada', moved: 'La càmera s’ha mogut', note: 'Afegir una nota' },
    kinds: log,
    when: {
      cleaned: 'Quan es va netejar la lent?',
      moved: 'Quan es va moure la càmera?',
      note: 'De quin moment és la nota?',
    },
    now: 'ara mateix',
    afterNewest: (at) => `just després de la imatge més recent, ${utc(at)}`,
    other: 'en un altre moment (UTC)',
    otherTime: 'Data i hora en UTC',
    note: 'Nota, si n’hi ha',
    hint: {
      cleaned:
        'Les imatges fetes abans ja no es comparen: la finestra comença buida, i el primer veredicte arriba quan és plena. La referència es manté.',
      moved:
        'S’afegeix una marca al gràfic. Si la càmera ara veu una altra escena, cal crear una versió nova de la referència.',
    },
    save: { cleaned: 'Anotar la neteja', moved: 'Anotar el moviment', note: 'Desar la nota' },
    none: 'Encara no s’ha anotat res. Una neteja anotada aquí es marca al gràfic, i Porthole indica quan ha fet efecte.',
    extend: (count) =>
      `Incorporar ${counted(count, 'imatge neta confirmada', 'imatges netes confirmades')} a una versió nova de la referència`,
    logged: (kind, at) => `${log[kind]}, ${utc(at)}: s’ha anotat.`,
    removed: (kind, at) => `${log[kind]}, ${utc(at)}: s’ha tret.`,
    restore: 'Tornar-ho a anotar',
    future:
      'Aquest moment encara no ha arribat. Les hores són en UTC: cal indicar l’hora en UTC, no l’hora local.',
    undo: 'Desfer',
    remove: 'Treure',
    undoOf: (isUndo, kind, at) => `${isUndo ? 'Desfer' : 'Treure'}: ${log[kind]}, ${utc(at)}`,
    report: (report) => cleaningReport(report),
    notRejudged: 'El model actual no ha avaluat cap imatge des d’aleshores; un d’anterior sí.',
  },
  job: {
    title: 'Imatge',
    flag: 'Indicador QARTOD',
    flags: { 1: '1, correcte', 2: '2, no avaluat', 3: '3, sospitós', 4: '4, erroni', 9: '9, absent' },
    captured: 'Captura',
    sources: {
      'file-name': 'segons el nom del fitxer',
      exif: 'segons EXIF',
      'file-date': 'deduïda de la data del fitxer',
    },
    checked: 'Comprovada',
    verdict: 'Veredicte',
    distance: 'Distància',
    limits: 'Límits, avís i deriva',
    window: 'Finestra',
    sigma: 'Sigma',
    reference: 'Referència',
    model: 'Model',
    picture: 'Imatge',
    brightness: 'Brillantor',
    contrast: 'Contrast',
    sharpness: 'Nitidesa',
    blueMinusRed: 'Blau menys vermell',
    greenCast: 'Dominant verda',
    file: 'Fitxer',
    sha256: 'SHA-256',
    previous: 'Anterior',
    next: 'Posterior',
    delete: 'Eliminar…',
    numbers: 'Tots els nombres',
    why: 'L’explicació',
    noPicture: 'sense imatge',
    pictureOf: (name) => `Imatge ${name}`,
  },
  jobs: {
    title: 'Anàlisis',
    lead: (count) => `${images(count)}, primer les més recents.`,
    leadOfModels: (count) =>
      `${counted(count, 'anàlisi', 'anàlisis')}, primer les més recents: una per cada model que va avaluar una imatge.`,
    model: 'Model',
    none: 'Encara no s’ha comprovat cap imatge.',
    reading: 'Les imatges més antigues encara s’estan llegint.',
    exportCsv: 'Exportar CSV',
    exportJson: 'Exportar JSON',
    filter: 'Mostrar',
    all: 'totes',
    showMore: (count) => `Mostrar-ne ${String(count)} més`,
    columns: {
      captured: 'Captura (UTC)',
      image: 'Imatge',
      distance: 'Distància',
      verdict: 'Veredicte',
      flag: 'Indicador',
      model: 'Model',
    },
    openWith: (name, verdict) => `Obrir ${name}: ${verdict}`,
    plot: {
      axes: {
        capturedAt: 'hora de captura (UTC)',
        distance: 'distància',
        reconstructionError: 'error de reconstrucció',
        brightness: 'brillantor',
        contrast: 'contrast',
        sharpness: 'nitidesa',
        blueMinusRed: 'blau menys vermell',
        greenCast: 'dominant verda',
        haze: 'boirina',
      },
      summary: (count, y, x) =>
        `Gràfic de dispersió de ${y} en funció de ${x}, ${counted(count, 'punt')}. La taula de sota obre cada anàlisi amb els seus nombres.`,
      thinned: (count) =>
        `Es dibuixen ${String(count)} punts; els altres són al costat d’un d’ells i es veuen igual.`,
      ofModel: (name, others) =>
        `Es dibuixen les anàlisis de ${name}.${others === 0 ? '' : others === 1 ? ' 1 més és només a la taula: dos models no comparteixen eix.' : ` ${String(others)} més són només a la taula: dos models no comparteixen eix.`}`,
      mixed:
        'Algunes distàncies tenen una altra referència, model o detector: cal comparar només les que tenen els mateixos.',
      limitsDiffer:
        'Els límits que van canviar entre aquestes anàlisis només es dibuixen segons l’hora de captura.',
      noAxis: 'Res per dibuixar: cap d’aquests fitxers no s’ha pogut llegir com a imatge.',
      rebuilding: (done, total) =>
        `S’està calculant l’error de reconstrucció: ${spaced(done)} de ${spaced(total)}`,
      rebuildingFailed: 'L’error de reconstrucció no s’ha pogut calcular en aquesta visita.',
      failed: 'No s’ha pogut carregar el gràfic. La taula de sota obre cada anàlisi amb els seus nombres.',
    },
  },
  reference: {
    title: 'Referència',
    none: 'Aquesta càmera encara no té referència.',
    lead: (version, count, length) =>
      `Versió ${String(version)}: ${counted(count, 'embedding net', 'embeddings nets')} de ${String(length)} nombres.`,
    warmUp: {
      reference:
        'La finestra comença plena amb les últimes imatges netes de la mateixa referència, com al tutorial. Aquestes finestres comparteixen mostres amb la referència i donen distàncies una mica baixes.',
      snapshots: (count) =>
        `La finestra comença plena amb ${counted(count, 'imatge neta reservada', 'imatges netes reservades')}, fora de la referència.`,
      none: 'La finestra comença buida: el primer veredicte arriba quan és plena.',
    },
    what: 'Una referència és un conjunt fix d’embeddings d’imatges netes. Cada finestra posterior es compara amb tot el conjunt, i per això ha de cobrir totes les hores d’ús i diverses condicions meteorològiques.',
    frozen: (at) => `Fixada el ${utc(at)}.`,
    versions: 'Versions',
    inUse: 'en ús',
    exportNpy: 'Exportar .npy',
    exportNpz: 'Exportar .npz',
    exportConfig: 'Exportar config.toml',
    exportHint: '.npy conté els embeddings com a float32 (n, d); .npz, també els noms.',
    newVersion: 'Crear una versió nova',
    newVersionHint:
      'Amb imatges netes que es deixin anar aquí. Les anàlisis ja avaluades conserven les distàncies.',
    leftOut: 'Excloses d’aquesta referència',
    names: 'Imatges que conté',
  },
  setUp: {
    title: 'Configurar una càmera',
    titleVersion: 'Versió nova de la referència',
    defaultName: 'La meva càmera',
    name: 'Nom de la càmera',
    nameMissing: 'Cal donar un nom a la càmera.',
    model: 'Model',
    clean: 'Imatges netes',
    cleanHint:
      'Imatges fetes amb la lent neta, de diversos dies i de totes les hores d’ús; o el config.toml del tutorial amb la seva carpeta; o embeddings en .npy o .npz. Deixar-les anar a la pàgina, o',
    chosen: (clean, dirty, rest) =>
      `${counted(clean, 'imatge neta', 'imatges netes')}${dirty > 0 ? `, ${counted(dirty, 'llistada com a bruta', 'llistades com a brutes')}` : ''}${rest - dirty > 0 ? `, ${String(rest - dirty)} sense llistar` : ''}.`,
    nothingChosen: 'Encara no s’ha triat cap imatge.',
    reading: (name: string) => `S’està llegint ${name}…`,
    configChosen: (resize) => `config.toml llegit: les imatges es reescalen a ${resize}.`,
    configListsMissing: 'La configuració llista imatges: cal afegir la carpeta que les conté.',
    imported: (file, count, length) =>
      `${file}: ${counted(count, 'embedding')} de ${String(length)} nombres.`,
    warmUp: 'Abans de la primera imatge, la finestra s’omple amb',
    warmUpOptions: {
      snapshots: (windowSize) =>
        `les ${String(windowSize)} imatges netes més recents, fora de la referència (recomanat)`,
      reference: 'les últimes imatges de la referència, com al tutorial',
      none: 'res: començar amb la finestra buida',
    },
    build: 'Crear la referència',
    clear: 'Tornar a començar',
    back: (name) => `Tornar a ${name}`,
    onlyLists:
      'D’una configuració, aquí només se’n fan servir les llistes; la càmera manté els seus paràmetres.',
    few: (count) =>
      `${counted(count, 'imatge neta pot', 'imatges netes poden')} bastar, però quaranta o més de diversos dies avaluen molt millor.`,
    notices: 'Convé saber',
    configNotice: (notice) => configNotice(notice),
    matchProblem: (problem) => matchProblem(problem),
    leftOut: (entry) =>
      entry.kind === 'unreadable'
        ? `${entry.name}: ${errors[entry.code](detail(entry.detail))}`
        : `${entry.name}: la mateixa imatge que ${entry.as}, comptada una vegada.`,
    checkRest: (count) =>
      count === 1 ? 'Comprovar l’altra imatge' : `Comprovar les altres ${images(count)}`,
    checkRestHint: 'La carpeta conté imatges que no formen part de la referència.',
    unlisted: (count) =>
      count === 1
        ? '1 imatge sense llistar, que no forma part de la referència.'
        : `${String(count)} imatges sense llistar, que no formen part de la referència.`,
    more: (count) => `i ${String(count)} més`,
  },
  settings: {
    title: 'Paràmetres',
    camera: 'Aquesta càmera',
    name: 'Nom',
    warning: 'Avís per sobre de',
    drift: 'Deriva per sobre de',
    sigma: 'Sigma',
    sigmaHint:
      'Sigma: amplada de banda del kernel RBF, en unitats de l’embedding: fins a quina separació dos embeddings compten com a semblants.',
    window: 'Finestra',
    windowHint: 'Finestra: quantes imatges recents es comparen cada vegada amb la referència.',
    raiseAfter: 'Activar després de',
    clearAfter: 'Desactivar després de',
    clearBelow: 'Desactivar per sota de (part del límit)',
    persistenceHint: (span) =>
      `Persistència: un límit activa l’alarma després d’aquest nombre de finestres seguides per sobre, i la desactiva després de tantes per sota d’una línia inferior. Cada imatge forma una finestra${span === null ? '' : `; al ritme d’aquesta càmera, activar-la porta ${span}`}.`,
    save: 'Desar',
    saved:
      'Desat. Les imatges que s’avaluïn a partir d’ara fan servir aquests paràmetres; el que ja s’ha avaluat conserva els seus.',
    deleteCamera: 'Eliminar aquesta càmera…',
    deleteConfirm: (name, count, waiting) =>
      `Eliminar ${name} amb les seves referències, ${counted(count, 'anàlisi', 'anàlisis')} i imatges d’aquest dispositiu?${waiting > 0 ? ` ${waiting === 1 ? 'No s’enviarà 1 registre pendent' : `No s’enviaran ${String(waiting)} registres pendents`} per a DriftWatch.` : ''} No es pot desfer.`,
    deleteYes: 'Eliminar definitivament',
    keep: 'Conservar-la',
    cancel: 'Cancel·lar',
    encoder: 'Codificador',
    backend: { webgpu: 'WebGPU', wasm: 'WebAssembly (SIMD, un fil per procés)' },
    backendShort: { webgpu: 'WebGPU', wasm: 'WebAssembly' },
    backendReason: {
      faster: 'Segons els mesuraments, WebGPU és més ràpid aquí.',
      'no-adapter': 'Aquest navegador no ofereix cap WebGPU que calculi en un processador gràfic real.',
      slower: 'WebGPU funciona aquí, però segons els mesuraments és més lent que els processos junts.',
      'wrong-answer': 'WebGPU ha donat una resposta errònia a l’autoprova, i per això no es fa servir.',
      failed: 'WebGPU no ha pogut executar aquest model.',
      lost: 'S’ha perdut el processador gràfic, i el treball ha continuat amb WebAssembly.',
    },
    backendIdle: 'El codificador arrenca amb la primera imatge.',
    start: 'Arrencar-lo i executar l’autoprova',
    speed: (ms) => `${threeDigits(ms)} ms per embedding`,
    workers: (count) => counted(count, 'procés', 'processos'),
    selfTestPassed: (difference, tolerance) =>
      `Autoprova superada: la imatge incorporada dona l’embedding desat (diferència màxima ${difference.toExponential(1)}, permesa ${tolerance.toExponential(1)}).`,
    selfTestNone: 'Aquest model ha vingut sense una resposta coneguda, i no se’n comprova l’aritmètica.',
    models: 'Models',
    shipped: 'inclòs a Porthole',
    own: 'desat en aquest dispositiu',
    addModel: 'Afegir un autoencoder .onnx',
    addModelHint:
      'Una entrada float32 [N, 3, alt, ample] i un embedding entre les sortides. Les càmeres que es configurin a partir d’aleshores el poden fer servir. Deixar-lo anar a la pàgina, o triar-lo:',
    modelFacts: (length, height, width, size) =>
      `${String(length)} nombres de ${String(height)} × ${String(width)} píxels, ${bytes(size)}`,
    edit: 'Editar el manifest',
    saveModel: 'Desar el fitxer',
    forget: 'Oblidar',
    inUse: 'en ús per una càmera',
    manifest: {
      name: 'Nom',
      description: 'Descripció',
      mean: 'Mitjana (vermell, verd, blau)',
      std: 'Desviació típica (vermell, verd, blau)',
      sigma: 'Sigma suggerit',
      window: 'Finestra suggerida',
      warning: 'Límit d’avís suggerit',
      drift: 'Límit de deriva suggerit',
      license: 'Llicència',
    },
    look: 'Aspecte',
    themes: { auto: 'Com el dispositiu', light: 'Clar', dark: 'Fosc', night: 'Nit (vermell)' },
    language: 'Idioma',
    storage: 'Emmagatzematge',
    about: 'Quant a',
    version: (version) => `Porthole ${version}.`,
    left: (sentence) =>
      `${sentence}. Les imatges no surten mai. Porthole no consulta més servidors que els de DriftWatch i mytoken que s’hi indiquin.`,
  },
};

function images(count: number): string {
  return counted(count, 'imatge', 'imatges');
}

function falseAlarms(count: number): string {
  return counted(count, 'falsa alarma', 'falses alarmes');
}

function warmingUp(fill: number, windowSize: number): string {
  return `preparant ${String(fill)}/${String(windowSize)}`;
}

function cleaningReport(report: CleaningReport): string {
  const { daysSincePrevious, before, after, recovery, wasInAlarm, relapseAt } = report;
  const parts: string[] = [];
  switch (recovery.kind) {
    case 'no-snapshot':
      parts.push('Cap imatge des d’aleshores.');
      break;
    case 'filling':
      parts.push(`La finestra s’omple: ${warmingUp(recovery.windowFill, recovery.windowSize)}.`);
      break;
    case 'confirmed':
      parts.push(
        wasInAlarm
          ? `Ha fet efecte: normal de nou després de ${images(recovery.snapshots)}.`
          : `Normal, com abans: confirmat després de ${images(recovery.snapshots)}.`,
      );
      break;
    case 'not-yet':
      parts.push(`Encara no és normal després de ${images(recovery.snapshots)}.`);
  }
  if (before !== null && after !== null) {
    parts.push(`Distància ${threeDigits(before)} abans, ${threeDigits(after)} després.`);
  } else if (before !== null) parts.push(`Distància ${threeDigits(before)} abans.`);
  if (relapseAt !== null) parts.push(`De nou per sobre del límit d’avís des del ${utc(relapseAt)}.`);
  if (daysSincePrevious !== null) {
    parts.push(`${duration(daysSincePrevious * 86_400_000)} després de la neteja anterior.`);
  }
  return parts.join(' ');
}

function configNotice({ kind, key }: ConfigNotice): string {
  return kind === 'default'
    ? `${key} no és a la configuració; es fa servir el valor del tutorial.`
    : `${key} es conserva, però Porthole no el fa servir.`;
}

function matchProblem({ kind, name }: MatchProblem): string {
  switch (kind) {
    case 'in-both':
      return `${name} està llistada com a neta i com a bruta, i no es fa servir.`;
    case 'missing':
      return `${name} està llistada, però no és entre els fitxers.`;
    case 'duplicate-name':
      return `${name} està llistada dues vegades, i es fa servir una.`;
    case 'duplicate-file':
      return `${name} és un segon fitxer de la mateixa imatge, i s’exclou.`;
    case 'unlisted':
      return `${name} no està llistada, i no forma part de la referència.`;
  }
}

type ScoredJob = Pick<CompletedJob, 'thresholds' | 'persistence'> & { readonly distance: number };

function verdictSentence(status: DriftStatus, job: ScoredJob, count: number): string {
  const { distance, thresholds, persistence = NO_PERSISTENCE } = job;
  const { warning, drift } = thresholds;
  const number = `Distància ${threeDigits(distance)}`;
  const held = (value: number) =>
    persistence.clearAfter === 1
      ? `L’alarma es manté fins que 1 imatge sigui a ${limit(lowerLineOf(value, persistence))} o menys.`
      : `L’alarma es manté fins que ${String(persistence.clearAfter)} imatges seguides siguin a ${limit(lowerLineOf(value, persistence))} o menys.`;
  const pending = `L’alarma s’activa després de ${counted(persistence.raiseAfter, 'imatge', 'imatges seguides')}.`;
  switch (status) {
    case 'drift':
      return distance > drift
        ? `${number}, ${threeDigits(distance / drift)} vegades el límit de deriva de ${limit(drift)}${lasting(count)}.`
        : `${number}, ja no per sobre del límit de deriva de ${limit(drift)}. ${held(drift)}`;
    case 'warning':
      if (distance > drift) return `${number}, per sobre del límit de deriva de ${limit(drift)}. ${pending}`;
      return distance > warning
        ? `${number}, per sobre del límit d’avís de ${limit(warning)} però no del límit de deriva de ${limit(drift)}${lasting(count)}. Cal tornar a comprovar amb les pròximes imatges.`
        : `${number}, ja no per sobre del límit d’avís de ${limit(warning)}. ${held(warning)}`;
    default:
      return distance > warning
        ? `${number}, per sobre del ${distance > drift ? `límit de deriva de ${limit(drift)}` : `límit d’avís de ${limit(warning)}`}. ${pending}`
        : `${number}, per sota del límit d’avís de ${limit(warning)}${lasting(count)}.`;
  }
}

function lasting(count: number): string {
  return count > 1 ? `, en les últimes ${String(count)} imatges` : '';
}

function list(names: readonly string[]): string {
  return listedShort(names, (more) => `i ${String(more)} més`);
}
