import type { Failure } from '../../domain/delivery';
import { bytes, duration, utc, utcTime } from '../format';
import { explain } from '../messages';
import type { SyncMessages } from '../messages-sync';
import { countedSpaced, operatorsText, spaced } from '../wording';

export const sync: SyncMessages = {
  title: 'DriftWatch',
  lead: 'Opcional: enviar cada resultado a DriftWatch, donde un observatorio sigue todas sus cámaras. Allí van números y nombres de archivo, nunca imágenes.',
  views: { label: 'DriftWatch', send: 'Enviar', browse: 'Explorar' },
  browseNeedsAddress: 'Indicar primero la dirección de DriftWatch en Enviar.',
  connection: {
    title: 'Conexión',
    address: 'Dirección de DriftWatch',
    addressHint:
      'La raíz de su API. A un servidor sin ruta se le añade /api/v1. Una ruta como /driftwatch es del propio servidor de esta página.',
    suggestions: ['https://drift-watch.cloud.ai4eosc.eu/api/v1', '/driftwatch'],
    more: 'Más',
    mytokenServer: 'Servidor de mytoken',
    timeout: 'Segundos de espera de una respuesta',
    timeoutHint: 'Más con un enlace lento. Lo que no se respondió se busca antes de volver a enviarlo.',
    save: 'Guardar y probar',
    test: 'Probar la conexión',
    testing: 'Probando…',
    disconnect: 'Desconectar…',
    disconnectAsk:
      '¿Olvidar la dirección y el token? Lo pendiente se queda aquí y sigue esperando; lo enviado se queda allí.',
    disconnectYes: 'Desconectar',
    keep: 'Conservarlo',
    reachable: 'DriftWatch responde en esta dirección.',
    anonymous: 'Sin un token solo se pueden leer los experimentos públicos.',
    registered: (email) => (email === '' ? 'Cuenta registrada.' : `Cuenta registrada: ${email}.`),
    myId: 'Mi id de DriftWatch',
    myIdHint: 'Un propietario lo necesita para dar acceso a un experimento.',
    copy: 'Copiar',
    copied: 'Copiado',
    otherTab:
      'Otra pestaña de Porthole envía y guarda la dirección y el token. Cerrarla para cambiarlos aquí.',
    plainHttp:
      'Por http sin cifrar, cualquiera en la red puede leer el token. Fuera de la red propia de un barco, usar https.',
    register: 'Aceptar las condiciones y registrarse',
    registerHint:
      'Al registrarse se aceptan las condiciones de uso de DriftWatch, como hace register(accept_terms=True) en Python. El servicio guarda el correo electrónico y la identidad del token.',
  },
  cors: {
    title: 'Tres soluciones',
    sameOrigin:
      'Abrir esta página desde un servidor que reenvíe una ruta a DriftWatch, e indicar esa ruta como dirección. En un portátil: DRIFT_MONITOR_URL=https://drift-watch.cloud.ai4eosc.eu npm start, y después /driftwatch.',
    nginx: 'El bloque para nginx',
    operators: 'Pedir a los operadores de DriftWatch que permitan esta página. Enviarles esto, en inglés:',
    operatorsText,
    exporting:
      'Exportar lo pendiente como JSON Lines desde la bandeja de salida, y subirlo desde un ordenador que llegue a DriftWatch.',
  },
  token: {
    title: 'Token',
    none: 'DriftWatch identifica por un mytoken, que puede obtener tokens de acceso de corta duración. Solo va al servidor de mytoken, nunca a nadie más.',
    mytoken: 'mytoken',
    use: 'Usarlo',
    code: 'o su código de transferencia',
    redeem: 'Obtenerlo',
    codeHint: 'Crear el token en un ordenador y escribir aquí sus 8 caracteres: práctico en tabletas.',
    create: 'Crear un mytoken',
    createHint: (server) =>
      `abre el formulario de ${server} en una pestaña nueva, con AI4EOSC, DriftWatch y la caducidad ya rellenados`,
    days: 'días hasta que caduque',
    memory: 'El mytoken está en memoria, y desaparece al cerrar esta página.',
    locked: 'Hay un mytoken guardado en este dispositivo, bloqueado.',
    open: 'El mytoken está guardado en este dispositivo con su frase de contraseña, y abierto hasta que se cierre esta página.',
    passphrase: 'Frase de contraseña',
    keep: 'Guardarlo en este dispositivo',
    keepHint:
      'Se cifra con una clave derivada de la frase de contraseña. Eso lo protege en el disco, no frente a un script que se ejecute en esta página.',
    shortPassphrase: 'Al menos 8 caracteres.',
    unlock: 'Desbloquear',
    otherTab: 'El token se da y se olvida en la pestaña que envía.',
    forget: 'Olvidarlo aquí…',
    forgetAsk:
      '¿Olvidarlo en este dispositivo? En su servidor sigue siendo válido hasta que caduque o se revoque.',
    forgetYes: 'Olvidarlo',
    revoked: 'El mytoken se ha revocado y aquí se ha olvidado.',
    revoke: 'Revocarlo…',
    revokeAsk: '¿Revocarlo en su servidor? Ya nadie podrá usarlo en ningún sitio.',
    revokeYes: 'Revocar definitivamente',
    facts: ({ isValid, expiresAt, usesLeft }) => {
      if (!isValid) return 'Su servidor dice que ya no es válido: crear uno nuevo.';
      const uses =
        usesLeft === null ? '' : usesLeft === 1 ? ', queda 1 uso' : `, quedan ${spaced(usesLeft)} usos`;
      return `${expiresAt === null ? 'No caduca' : `Caduca el ${utc(expiresAt)}`}${uses}.`;
    },
  },
  destination: {
    title: (camera) => `Adónde van los resultados de ${camera}`,
    none: 'Configurar antes una cámara: lo que se envía son sus resultados.',
    needsToken: 'Conectar antes con un token.',
    needsAccount: 'Probar antes la conexión: DriftWatch debe saber de quién es el token.',
    goesTo: (experiment) => `Los resultados van al experimento ${experiment}.`,
    elsewhere: (address) =>
      `Se enviaron a ${address}. Elegir de nuevo el experimento en la dirección actual; lo pendiente lo sigue.`,
    experiment: 'Experimento',
    choose: 'Elegir…',
    looking: 'Buscando experimentos…',
    lookAgain: 'Buscar de nuevo',
    create: 'Crear uno nuevo…',
    unlisted: (name) => `${name} (este token no puede enviar allí)`,
    name: 'Nombre',
    description: 'Descripción',
    public: 'público: todos pueden leer sus análisis',
    publicHint:
      'Cualquiera puede leer los nombres y las descripciones, incluso de un experimento privado; solo sus análisis están protegidos. No poner en ellos nada confidencial.',
    existed: (name) => `Ya había un experimento ${name} que se puede usar, así que se usa.`,
    tags: 'Etiquetas, separadas por comas',
    tagsHint:
      'DriftWatch filtra por ellas: cámara, lugar. Cada una de 1 a 20 caracteres. Lo que ya está allí conserva las suyas hasta que se vuelva a buscar.',
    tagsProblem: (tag) => `La etiqueta ${tag} tiene más de 20 caracteres.`,
    model: 'Modelo',
    notBlank: 'Algún texto, no solo espacios.',
    earlier: (n) =>
      n === 1
        ? 'enviar también el análisis hecho antes (1)'
        : `enviar también los ${countedSpaced(n, 'análisis', 'análisis')} hechos antes`,
    save: 'Enviar allí',
    browse: 'Ver lo que hay allí',
    change: 'Cambiar',
    cancel: 'Cancelar',
    stop: 'Dejar de enviar…',
    stopAsk: (waiting) =>
      `¿No enviar nada más de esta cámara?${waiting > 0 ? (waiting === 1 ? ' 1 registro pendiente no se enviará.' : ` ${spaced(waiting)} registros pendientes no se enviarán.`) : ''} Lo enviado se queda allí.`,
    stopYes: 'Dejar de enviar',
    preview: 'Qué se envía',
    previewOf: (name) => `De ${name}, literalmente:`,
    previewNone: 'Aquí se muestra el registro del análisis más reciente en cuanto haya uno.',
  },
  outbox: {
    title: 'Bandeja de salida',
    states: {
      queued: 'pendiente',
      sending: 'en camino',
      unknown: 'por comprobar',
      sent: 'enviado',
      confirmed: 'enviado y verificado',
      refused: 'rechazado',
      withdrawing: 'por retirar de allí',
    },
    empty: 'Aún no se ha enviado nada, y no hay nada pendiente.',
    summary: (waiting, sent, refused) =>
      [
        waiting > 0 ? countedSpaced(waiting, 'registro pendiente', 'registros pendientes') : 'Nada pendiente',
        countedSpaced(sent, 'enviado'),
        ...(refused > 0 ? [countedSpaced(refused, 'rechazado')] : []),
      ].join(', ') + '.',
    resting: {
      paused: 'En pausa: lo pendiente se conserva, y lo que llegue también.',
      noAddress: 'No se ha indicado la dirección de DriftWatch: lo pendiente se conserva.',
      otherTab: 'Envía otra pestaña.',
      elsewhere: (n, address) =>
        `${countedSpaced(n, 'registro pendiente', 'registros pendientes')} para ${address}.`,
    },
    step: (step) => {
      switch (step.kind) {
        case 'progress':
          return 'Enviando…';
        case 'done':
          return 'Todo está allí, una vez cada uno: comprobado después de enviar.';
        case 'rest':
          return step.isForAudit
            ? `Lo enviado se comprueba una vez más a las ${utcTime(step.until)} UTC.`
            : `El siguiente registro tiene su turno a las ${utcTime(step.until)} UTC.`;
        case 'wait':
          return `${reason(step.failure)} Próximo intento a las ${utcTime(step.until)} UTC.`;
        case 'held':
          return step.until === null
            ? reason(step.failure)
            : `${reason(step.failure)} Próximo intento a las ${utcTime(step.until)} UTC.`;
      }
    },
    doneButRefused:
      'Todo lo que DriftWatch acepta está allí, una vez cada uno: comprobado después de enviar.',
    elsewhere: (sentence) => `En otro experimento: ${sentence}`,
    pause: 'Pausar',
    resume: 'Reanudar',
    tryNow: 'Intentar ahora',
    resendRefused: 'Reintentar los rechazados',
    exporting: 'Exportar como JSON Lines',
    exportHint: 'Lo exportado se busca antes de enviarlo desde aquí, para que nada esté allí dos veces.',
    upload: 'Cómo subir el archivo desde otro ordenador',
    uploadHint:
      'Guardar esto como upload.sh junto al archivo, poner allí el mytoken en mytoken.txt y ejecutar sh upload.sh. Necesita curl, dice lo que ha hecho, y se puede ejecutar de nuevo si se corta la conexión.',
    exported: (n) =>
      n > 0
        ? `${countedSpaced(n, 'registro exportado', 'registros exportados')}.`
        : 'No hay nada pendiente, así que no se ha exportado nada.',
    show: 'Mostrar',
    all: 'todos',
    columns: { captured: 'Captura (UTC)', image: 'Imagen', state: 'Estado', actions: 'Acciones' },
    view: 'Ver',
    viewOf: (name) => `Ver el registro de ${name}`,
    resend: 'Reenviar',
    resendOf: (name) => `Reenviar el registro de ${name}`,
    lookUp: 'Comprobar de nuevo',
    lookUpOf: (name) => `Comprobar de nuevo el registro de ${name}`,
    earlier: 'en un experimento anterior',
    showMore: 'Mostrar más',
    reason: (failure) => (failure ? reason(failure) : ''),
    skew: (milliseconds) =>
      `El reloj de este dispositivo va ${duration(Math.abs(milliseconds))} ${milliseconds > 0 ? 'por delante' : 'por detrás'} del de DriftWatch. No afecta a los tokens; las horas de captura deducidas de la fecha del archivo pueden ser erróneas.`,
    findRenewed: 'Buscar uno con el mismo nombre',
    noneRenewed: (name) => `No hay otro experimento ${name}. Elegir o crear uno en «Cambiar».`,
    useRenewed: (name) => `Enviar al nuevo ${name}`,
    recordTitle: (name) => `Registro de ${name}`,
    recordFacts: (size) => `${bytes(size)}, literalmente como se envía:`,
    remoteId: (id) => `Id de DriftWatch: ${id}`,
  },
};

function reason({ code, detail }: Failure): string {
  return explain(code, detail);
}
