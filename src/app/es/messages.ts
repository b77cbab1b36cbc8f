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
    'sigma es tan grande que todas las imágenes parecen iguales, también las sucias. Elegir uno menor en Calibrar, en «Ancho de banda».',
  empty:
    'sigma es tan pequeño que no hay dos imágenes parecidas, y hasta una lente sucia da una distancia de casi 0. Elegir uno mayor en Calibrar, en «Ancho de banda».',
  'no-spread':
    'todas las imágenes de la referencia dan el mismo embedding, así que no hay con qué comparar. Crear una referencia de imágenes limpias distintas.',
  'out-of-reach':
    'ninguna distancia a esta referencia puede superar el límite de deriva. Elegir uno menor, o calibrar los límites.',
};

const errors: Messages['errors'] = {
  'file-unreadable': () =>
    'El archivo ya no se puede leer: se ha movido, cambiado o borrado, o se ha extraído su tarjeta. Soltarlo de nuevo.',
  'empty-file': () => 'El archivo está vacío. Copiarlo de nuevo desde la cámara.',
  'file-too-large': (size) =>
    `El archivo es demasiado grande para lo que debería ser (${size}), así que no se ha abierto. No se ha cambiado nada más.`,
  'not-an-image': () => 'Este archivo no es una imagen que se pueda leer.',
  'image-damaged': () => 'La imagen está dañada o cortada. Copiarla de nuevo desde la cámara.',
  'image-too-large': (size) => `La imagen es demasiado grande para abrirla con seguridad (${size} píxeles).`,
  'image-too-small': () => 'La imagen no tiene píxeles.',
  'worker-lost': () => 'La lectura de este archivo detuvo el codificador dos veces, así que se apartó.',
  'entry-damaged': () =>
    'No se pudo extraer de su archivo zip. Comprimirlo de nuevo o soltarlo sin comprimir.',
  'clock-ahead': () =>
    'El archivo indica una hora que aún no ha llegado, así que se ha apartado: no cuenta en ningún veredicto. No se ha perdido nada. En el Monitor se explica cómo corregir la hora; después, dar el archivo de nuevo.',
  'clock-impossible': () =>
    'El archivo indica una hora en la que no se pudo tomar, como hacen las cámaras con el reloj reiniciado, así que se ha apartado: no cuenta en ningún veredicto. No se ha perdido nada. En el Monitor se explica cómo corregir la hora; después, dar el archivo de nuevo.',
  'model-not-onnx': (why) =>
    `Ese archivo no es un modelo ONNX que se pueda leer${why ? ` (${why})` : ''}. No se ha cambiado nada. Exportar el modelo de nuevo como un único archivo .onnx.`,
  'model-external-data': () =>
    'Ese modelo guarda sus pesos en un segundo archivo. No se ha cambiado nada. Guardarlo como un único archivo .onnx, con los pesos dentro.',
  'model-input': (found) =>
    `Ese modelo no acepta imágenes: necesita una entrada float32 de forma [N, 3, alto, ancho]. Tiene ${found}. No se ha cambiado nada.`,
  'model-no-embedding': (found) =>
    `Ninguna salida de ese modelo parece un embedding, una lista de números por imagen. Tiene ${found}. No se ha cambiado nada.`,
  'model-endless': (seconds) =>
    `El modelo no terminó con una imagen pequeña en ${seconds} s y se ha detenido: puede que contenga un bucle sin fin, o que sea demasiado lento para este dispositivo. No se ha cambiado nada. Usar otro modelo, o probarlo en un dispositivo más rápido.`,
  'model-set-aside': (name) =>
    `El modelo ${name} ya tardó demasiado aquí, así que no se abre más por sí solo. Lo evaluado está a salvo, y las cámaras con otros modelos siguen. En Ajustes, Modelos, se puede probar de nuevo.`,
  'model-operators': (operator) =>
    `El ONNX Runtime de este navegador no puede ejecutar ese modelo: ${operator}. No se ha cambiado nada. Exportarlo con operadores de opset 17 o anterior.`,
  'model-not-trainable': (what) =>
    `Porthole no puede entrenar a través de ${what}, que ese modelo contiene. No se ha cambiado nada; el modelo se puede usar tal como está.`,
  'model-not-adaptable': (name) =>
    `El modelo ${name} no indica cuáles de sus partes se pueden sustituir, así que no se puede ajustar a una cámara. No se ha cambiado nada. Medir límites adecuados a la cámara en Calibrar, o configurarla de nuevo con otro modelo.`,
  'adaptation-too-few': (given) =>
    `Es demasiado poco para adaptar un modelo: se pueden usar ${given}, y hacen falta 60 o más imágenes limpias, repartidas en al menos 3 días, de modo que la mitad no sean de los más recientes. No se ha cambiado nada.`,
  'training-diverged': (step) =>
    `El entrenamiento se ha perdido en el paso ${step}: sus números ya no son finitos. Se conserva la mejor versión anterior, y la cámara mantiene su modelo. Descartar el entrenamiento y empezar de nuevo.`,
  'model-checksum': (name) =>
    `El archivo del modelo ${name} no es el que describe su manifiesto, así que no se usa. Recargar la página o añadir el modelo de nuevo.`,
  'model-missing': (name) =>
    `Este dispositivo no tiene el modelo ${name} con el que se configuró la cámara. Lo evaluado está a salvo. Para continuar, soltar su archivo .onnx en la página.`,
  'model-manifest': (where) =>
    `La descripción del modelo no se puede usar: ${where}. No se ha cambiado nada.`,
  'self-test': (difference) =>
    `La autoprueba ha fallado: la imagen incorporada dio un embedding distinto del debido (${difference}). No se muestra ningún veredicto, porque podría ser erróneo. Usar otro navegador o dispositivo; lo evaluado antes está a salvo.`,
  'no-backend': (why) =>
    `ONNX Runtime no puede arrancar aquí (${why}). No se ha perdido nada de lo guardado. Funciona en un Chrome, Edge, Firefox o Safari actual.`,
  'reference-too-small': (count) =>
    `Una referencia necesita al menos dos imágenes limpias, mejor cuarenta de varios días; quedan ${count || '0'}. No se ha cambiado nada. Añadir más imágenes limpias.`,
  'embedding-length': (lengths) =>
    `Los embeddings tienen otra longitud que los del modelo (${lengths}): los hizo otro modelo. No se ha cambiado nada.`,
  'embedding-not-finite': (where) =>
    `Un embedding contiene un número que no es finito${where ? ` (${where})` : ''}. No se ha contado.`,
  'detector-settings': (why) =>
    `El detector no puede trabajar con estos ajustes: ${why}. No se ha cambiado nada.`,
  'detector-blind': (why) =>
    `No se puede decir nada con estos ajustes: ${BLINDNESS[why as Blindness]} Todo lo guardado está a salvo.`,
  'not-fitted': () => 'El detector aún no tiene referencia. Crear una primero.',
  'config-syntax': (where) =>
    `La configuración no es TOML válido: ${where}. No se ha cambiado nada. Corregirla y soltarla de nuevo.`,
  'config-value': (what) =>
    `La configuración no se puede usar: ${what}. No se ha cambiado nada. Corregirla y soltarla de nuevo.`,
  'config-newer': (format) =>
    `Esta configuración la escribió una versión más nueva de Porthole (formato ${format}). No se ha cambiado nada. Recargar esta página para tener la versión más nueva y soltarla de nuevo.`,
  'npy-format': (why) =>
    `Ese archivo no es una matriz NumPy que se pueda leer (${why}). No se ha cambiado nada.`,
  'npy-pickle': (name) =>
    `${name || 'Ese archivo'} es un pickle de Python, que puede ejecutar código al abrirse, así que se rechaza. Convertirlo en Python: numpy.save("reference.npy", torch.load("reference.pth").detach().cpu().numpy()), y soltar aquí reference.npy.`,
  'npy-shape': (why) =>
    `Los embeddings deben tener la forma (n, d) o (n, 1, d): ${why}. No se ha cambiado nada.`,
  'file-too-slow': (name) =>
    `Leer ${name} lleva demasiado tiempo, así que se ha abandonado y no se ha cambiado nada. Un archivo escrito por Porthole o por numpy se lee en segundos.`,
  'disk-full': () =>
    'No queda espacio en el dispositivo. Todo lo evaluado hasta ahora está a salvo; el resto no se ha comprobado. Liberar espacio y soltar de nuevo los mismos archivos: los ya evaluados se omiten.',
  'embeddings-lost': () =>
    'Faltan del almacenamiento los embeddings de algunas imágenes, así que este historial no se puede evaluar de nuevo. Los resultados quedan como están.',
  'storage-failed': () =>
    'El navegador no pudo guardar los resultados. Todo lo guardado antes está a salvo; el resto no se ha comprobado. Recargar la página y soltar de nuevo los mismos archivos.',
  'storage-refused': () =>
    'El navegador no deja que esta página guarde nada: una ventana privada puede prohibirlo, y un ajuste que bloquea los datos de los sitios también. Abrirla en una ventana normal, o permitir los datos de este sitio, y recargar.',
  'storage-blocked': () =>
    'Hay una versión anterior de Porthole abierta en otra pestaña. Cerrar esa pestaña y recargar esta.',
  'storage-newer': () =>
    'Un Porthole más nuevo ha trabajado en este navegador, y esta versión es anterior y no puede leer lo que guarda. Todo lo guardado está a salvo, y no se ha cambiado nada. Obtener la versión más nueva; si esto persiste, cerrar las demás pestañas de Porthole y recargar con conexión.',
  'not-the-writer': () =>
    'Porthole está trabajando en otra pestaña, así que esta solo muestra. Usar la otra o cerrarla.',
  busy: () =>
    'Porthole está trabajando en otro lote, así que no se ha cambiado nada. Esperar a que termine o cancelarlo.',
  'worker-ended': () =>
    'El navegador cerró una parte de Porthole que estaba trabajando, casi siempre por falta de memoria. Todo lo guardado está a salvo. Cerrar otras pestañas y probar de nuevo.',
  unexpected: (what) =>
    `Algo inesperado lo ha detenido (${what}). Lo evaluado está a salvo. Recargar la página e intentarlo de nuevo.`,
  address: (why) =>
    `Esa dirección no se puede usar: ${why}. No se ha cambiado nada. Indicar la raíz de la API de DriftWatch, como https://drift-watch.cloud.ai4eosc.eu/api/v1, o una ruta del propio servidor de esta página, como /driftwatch.`,
  offline: () =>
    'Este dispositivo no tiene conexión. Todo está a salvo aquí y se envía solo cuando vuelve la red.',
  'no-answer': (host) =>
    `${host} no ha respondido. Todo está a salvo aquí, y lo pendiente se envía solo cuando responda. Comprobar la dirección, la red y los bloqueadores de anuncios.`,
  'timed-out': (host) =>
    `${host} ha tardado demasiado en responder. Todo está a salvo aquí; lo que pueda haber llegado se busca antes de volver a enviarlo.`,
  'cors-blocked': (host) =>
    `${host} responde, pero no deja que las páginas de esta dirección lean sus respuestas (CORS). Todo está a salvo aquí. Probar la conexión: muestra tres soluciones.`,
  'wrong-base-path': () =>
    'Algo responde en esa dirección, pero no es la API de DriftWatch, o redirige a otro sitio. No se ha enviado nada. Una dirección completa suele empezar por https:// y acabar en /api/v1; una ruta del propio servidor de esta página, como /driftwatch, no.',
  'answer-unreadable': (why) =>
    `No se pudo entender la respuesta${why ? ` (${why})` : ''}. Aquí no se ha cambiado nada; se comprueba antes de volver a enviar.`,
  'remote-id': () =>
    'Un experimento o registro tiene un identificador que DriftWatch no da, así que no se le ha enviado nada. Todo está a salvo aquí. Elegir de nuevo el experimento de la cámara.',
  'server-busy': (seconds) =>
    `El servicio pide esperar${seconds ? ` ${seconds} s` : ''}. Todo está a salvo aquí y se reintenta solo.`,
  'server-failed': (status) =>
    `El servicio ha fallado (HTTP ${status || '5xx'}). Todo está a salvo aquí y se reintenta solo.`,
  'gateway-failed': (status) =>
    `La dirección responde, pero el servicio que hay detrás no (HTTP ${status}). Todo está a salvo aquí y se reintenta solo.`,
  'token-missing': () =>
    'No se ha dado ningún token desde que se abrió esta página. Dar un mytoken para continuar.',
  'token-locked': () => 'El mytoken guardado está bloqueado. Dar su frase de contraseña para continuar.',
  'token-refused': (why) =>
    `DriftWatch ha rechazado el token${why ? ` (${why})` : ''}, y también uno nuevo. Todo está a salvo aquí. Puede que el proveedor de identidad no funcione; si no, dar otro mytoken.`,
  'not-registered': () => 'Falta el registro en DriftWatch. Aceptar sus condiciones para continuar.',
  'email-unverified': () =>
    'DriftWatch exige un correo electrónico verificado. Verificarlo en el proveedor de identidad y probar de nuevo la conexión.',
  'no-platform-access': () =>
    'Esta cuenta aún no tiene acceso a la plataforma AI4EOSC. Solicitarlo en la plataforma y aceptar de nuevo las condiciones.',
  'not-permitted': (why) =>
    `Esta cuenta no tiene permiso para eso${why ? ` (${why.replace(/\.$/, '')})` : ''}. Todo está a salvo aquí. Pedir al propietario del experimento que dé el nivel Edit al id de DriftWatch propio.`,
  'experiment-missing': () =>
    'El experimento ya no existe allí. Todo está a salvo aquí. Elegir otro o crearlo de nuevo.',
  'record-missing': () =>
    'El registro se borró allí. El análisis está a salvo aquí. Enviarlo de nuevo si debe estar allí.',
  'name-taken': () => 'Ya hay un experimento con ese nombre que no se puede usar. Elegir otro nombre.',
  'record-refused': (why) =>
    `DriftWatch ha rechazado el registro (${why}). El análisis está a salvo aquí. Corregir las etiquetas o el modelo y reintentar.`,
  'record-poison': (status) =>
    `DriftWatch falla con este registro (HTTP ${status || '5xx'}) y acepta otros, así que se ha apartado. El análisis está a salvo aquí.`,
  'record-changed': () =>
    'El registro se modificó allí después de enviarlo. El análisis de aquí sigue como estaba.',
  'record-differs': () =>
    'Allí ya hay un registro de este análisis que dice otra cosa y que este dispositivo no ha enviado. Se ha dejado como está y no se ha enviado otro. El análisis de aquí sigue igual.',
  'mytoken-no-answer': (host) =>
    `El servidor de mytoken ${host} no ha respondido; también ocurre cuando se le consulta demasiado. Todo está a salvo aquí, y lo pendiente se envía solo cuando responda.`,
  'mytoken-refused': (why) =>
    `El mytoken ha sido rechazado${why ? ` (${why})` : ''}: es incorrecto, ha caducado o se ha revocado. Todo está a salvo aquí. Dar uno nuevo.`,
  'mytoken-restricted': (why) =>
    `El mytoken no permite esto${why ? ` (${why})` : ''}. Todo está a salvo aquí. Crear uno que pueda obtener tokens de acceso y al que le queden usos.`,
  'mytoken-failed': (why) =>
    `El servidor de mytoken ha fallado${why ? ` (${why})` : ''}. Todo está a salvo aquí y se reintenta solo.`,
  'transfer-code': () =>
    'El código de transferencia no se ha aceptado: los códigos valen para un solo uso y unos minutos. Crear uno nuevo.',
  passphrase: () => 'Esa no es la frase de contraseña. El token sigue bloqueado; no se ha cambiado nada.',
  'no-web-crypto': () =>
    'Esta página ha llegado por http sin cifrar, donde los navegadores no ofrecen criptografía, así que no se puede guardar el token. Sirve para esta visita.',
  'fetch-failed': (path) =>
    `No se pudo descargar ${path}. Todo lo guardado está a salvo. Comprobar la conexión y reintentar.`,
};

const words: Messages['verdict']['words'] = {
  'warming-up': 'preparando',
  normal: 'normal',
  warning: 'aviso',
  drift: 'deriva',
  'not-checked': 'sin comprobar',
};

const log = { cleaned: 'Limpieza', moved: 'Movimiento', note: 'Nota' };

export const messages: Messages = {
  errors,
  detail,
  app: {
    name: 'Porthole',
    tagline: '¿La cámara sigue viendo con claridad?',
    places: {
      monitor: 'Monitor',
      reference: 'Referencia',
      calibrate: 'Calibrar',
      jobs: 'Análisis',
      driftwatch: 'DriftWatch',
      settings: 'Ajustes',
    },
    navigation: 'Secciones',
    left: {
      nothing: 'Nada ha salido de este dispositivo',
      'no-result': 'Ningún resultado ha salido de este dispositivo',
      some: (count, waiting) =>
        (count > 0
          ? `${counted(count, 'resultado enviado', 'resultados enviados')} a DriftWatch, ninguna imagen`
          : 'Se han enviado resultados a DriftWatch, ninguna imagen') +
        (waiting > 0 ? `; ${counted(waiting, 'pendiente')}` : ''),
    },
    held: {
      explain: (reason) => `Ahora no se envía nada a DriftWatch: ${reason}`,
      open: 'Abrir DriftWatch',
    },
    camera: 'Cámara',
    newCamera: 'Nueva cámara…',
    noCamera: 'No hay ninguna cámara configurada. Crear primero una referencia.',
    skip: 'Ir al contenido',
    dropHere: 'Soltar para comprobar estas imágenes',
    dropForReference: 'Soltar para añadir estos archivos a la referencia',
    dropForCalibration: 'Soltar para añadir estas imágenes como limpias',
    dropHint: 'Soltar imágenes o una carpeta en cualquier lugar de esta página, o',
    chooseFiles: 'elegir archivos',
    chooseFolder: 'elegir una carpeta',
    or: 'o',
    dismiss: 'Descartar',
    close: 'Cerrar',
    outdated:
      'Porthole se ha actualizado, o se ha cerrado su almacenamiento, en otra pestaña. Recargar esta página para continuar; no se pierde nada.',
    reload: 'Recargar',
    onlooker: 'Porthole está trabajando en otra pestaña. Esta la sigue y no escribe nada.',
    ignored: (names) =>
      names.length === 1
        ? `1 archivo omitido, no es una imagen: ${list(names)}.`
        : `${String(names.length)} archivos omitidos, no son imágenes: ${list(names)}.`,
    opening: 'Abriendo…',
    unreadable: (names) =>
      `${counted(names.length, 'archivo o carpeta no se pudo', 'archivos o carpetas no se pudieron')} abrir: ${list(names)}. Los demás se han tomado.`,
  },
  welcome: {
    title: '¿La cámara submarina sigue viendo con claridad?',
    lead: 'Porthole compara sus imágenes más recientes con otras limpias e indica cuándo hay que limpiar la lente. Todo se calcula en este navegador; las imágenes nunca salen del dispositivo.',
    demo: 'Probar la cámara de demostración',
    demoHint: 'Un arrecife dibujado: semanas de imágenes en las que la lente se ensucia y se limpia.',
    fetching: 'Descargando la demostración…',
    setUp: 'Configurar mi cámara',
    setUpHint: 'Hacen falta imágenes tomadas con la lente limpia, o el config.toml del tutorial.',
    openExport: 'Abrir una exportación de otro portátil',
  },
  verdict: {
    label: 'Veredicto',
    words,
    instruction: {
      'warming-up': 'Preparando',
      normal: 'La lente está limpia',
      warning: 'Conviene vigilarla',
      drift: 'Limpiar la lente',
      'not-checked': 'Aún sin comprobar',
    },
    cantTell: { word: 'no se puede decir', instruction: 'No se puede decir' },
    warmingUp,
    warmingUpSentence: (missing) =>
      missing === 1
        ? 'La ventana se llena con 1 imagen más antes del primer veredicto.'
        : `La ventana se llena con ${String(missing)} imágenes más antes del primer veredicto.`,
    noneSentence:
      'No se ha comprobado ninguna imagen con los ajustes actuales de esta cámara. Soltar imágenes en cualquier lugar de la página.',
    noneOfModel: (name) =>
      `El modelo actual de la cámara, ${name}, aún no ha evaluado ninguna de sus imágenes. Lo que dijo el modelo anterior queda en su propio historial.`,
    sentence: (status, job, count) => verdictSentence(status, job, count),
    clockDoubted: (newest) =>
      `La imagen más reciente indica ${utc(newest)}, y según el reloj de este dispositivo eso aún no ha llegado. Uno de los dos relojes está mal, así que no se dice nada de la lente. No se ha perdido nada; indicar abajo qué reloj está mal.`,
    early: (count, distance, drift) =>
      `Hasta ahora, ${images(count)}: distancia ${threeDigits(distance)}, por ${distance > drift ? 'encima' : 'debajo'} del límite de deriva de ${limit(drift)}.`,
    window: (count, span) => `ventana de ${images(count)}, ${duration(span)}`,
    calibrated: (version, { days, heldOutDays, heldOutEvents }) =>
      `calibrado con ${counted(days, 'día limpio', 'días limpios')} de esta cámara${heldOutDays === null ? '' : `, ${falseAlarms(heldOutEvents ?? 0)} en ${counted(heldOutDays, 'día excluido', 'días excluidos')}`} (versión ${String(version)})`,
    confirmed: (version, { days }) =>
      `los límites del propio modelo, que ${counted(days, 'día limpio', 'días limpios')} de esta cámara ${days === 1 ? 'confirma' : 'confirman'} (versión ${String(version)})`,
    imported: ({ days }) =>
      `calibrado con ${counted(days, 'día limpio', 'días limpios')}, según el config.toml con el que llegó, no en este dispositivo`,
    replayed: (version) => `versión ${String(version)} de los ajustes, sin calibrar para esta cámara`,
    otherCalibration: 'calibrado para otros ajustes u otra referencia, no para estos',
    uncalibrated: 'límites publicados, sin calibrar para esta cámara',
    ownLimits: 'límites propios, sin calibrar para esta cámara',
    demoLimits: 'límites publicados, sin calibrar',
    newestFailed: (name) => `El archivo más reciente, ${name}, no se pudo comprobar.`,
    openSnapshot: 'Abrir la imagen',
    deck: 'Modo a bordo',
    takePicture: 'Tomar una foto',
    cleanedSince: (at) => `La lente se limpió el ${utc(at)}. `,
    checkMore: 'Comprobar imágenes',
    none: 'aún ninguno',
    ring: (status, distance) =>
      `La imagen más reciente dentro de un anillo que se llena con la distancia: ${status}${distance === null ? '' : `, ${distance}`}`,
  },
  progress: {
    label: 'Progreso',
    of: (done, total) => `${String(done)} de ${String(total)}`,
    rate: (perSecond) => `${perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0)} por segundo`,
    left: (seconds) => `quedan unos ${duration(seconds * 1000)}`,
    preparing: 'preparando el modelo…',
    pause: 'Pausar',
    resume: 'Reanudar',
    cancel: 'Cancelar',
    paused: 'en pausa',
  },
  monitor: {
    seenBefore: (count) =>
      count === 1
        ? '1 archivo ya se había visto y no se ha contado de nuevo.'
        : `${String(count)} archivos ya se habían visto y no se han contado de nuevo.`,
    goOnWithDemo: 'Seguir con la demostración',
    rejudge: {
      label: 'Evaluadas por un modelo anterior',
      notice: (count, name) =>
        count === 1
          ? `1 imagen solo la evaluó un modelo anterior; su veredicto queda en el historial de ese modelo. Elegir de nuevo su carpeta para evaluarla también con el actual, ${name}.`
          : `${String(count)} imágenes solo las evaluó un modelo anterior; sus veredictos quedan en el historial de ese modelo. Elegir de nuevo su carpeta para evaluarlas también con el actual, ${name}. Lo que ya ha evaluado se reconoce.`,
      folder: 'Elegir su carpeta',
      files: 'Elegir sus archivos',
    },
    newest: 'Imágenes más recientes',
    allJobs: 'todos los análisis',
    failedFiles: 'Archivos que no se pudieron comprobar',
    moreFailed: (count) => `y ${String(count)} más, ver todos los análisis`,
  },
  chart: {
    title: 'Distancia según la hora de captura',
    warning: (value) => `aviso ${limit(value)}`,
    drift: (value) => `deriva ${limit(value)}`,
    summary: (count, first, last, highest) =>
      `Gráfico de líneas de ${counted(count, 'distancia')} del ${utc(first)} al ${utc(last)}, la mayor ${threeDigits(highest)}. La tabla de Análisis tiene todos los números.`,
    failed: 'No se pudo cargar el gráfico. Todos los números están en Análisis.',
    empty: 'Las distancias aparecen aquí en cuanto se ha comprobado una ventana completa.',
    histories: 'Se muestra',
    history: (version, sigma, windowSize, model) =>
      `${model === null ? '' : `${model}, `}referencia ${String(version)}, sigma ${String(sigma)}, ventana ${String(windowSize)}`,
    ofEarlierModel: (name) => `Estas son las distancias de un modelo anterior, ${name}.`,
    forecast:
      'Los trazos continúan a este ritmo hasta el límite de deriva; la cuña que los rodea contiene el 95 % de lo que las imágenes permiten.',
    guessed: 'Algunas horas de captura se han deducido de la fecha del archivo.',
    events: { cleaned: 'limpieza', moved: 'movimiento', note: 'nota' },
    negative:
      'La distancia es una estimación no sesgada de la MMD al cuadrado: con la lente limpia ronda el cero, y la mitad de las veces queda algo por debajo.',
  },
  log: {
    title: 'Limpiezas y notas',
    buttons: { cleaned: 'Lente limpiada', moved: 'La cámara se movió', note: 'Añadir una nota' },
    kinds: log,
    when: {
      cleaned: '¿Cuándo se limpió la lente?',
      moved: '¿Cuándo se movió la cámara?',
      note: '¿De qué momento es la nota?',
    },
    now: 'ahora mismo',
    afterNewest: (at) => `justo después de la imagen más reciente, ${utc(at)}`,
    other: 'en otro momento (UTC)',
    otherTime: 'Fecha y hora en UTC',
    note: 'Nota, si la hay',
    hint: {
      cleaned:
        'Las imágenes tomadas antes ya no se comparan: la ventana empieza vacía, y el primer veredicto llega cuando está llena. La referencia se mantiene.',
      moved:
        'Se añade una marca al gráfico. Si la cámara ve ahora otra escena, crear una nueva versión de la referencia.',
    },
    save: {
      cleaned: 'Anotar la limpieza',
      moved: 'Anotar el movimiento',
      note: 'Guardar la nota',
    },
    none: 'Aún no se ha anotado nada. Una limpieza anotada aquí se marca en el gráfico, y Porthole indica cuándo ha surtido efecto.',
    extend: (count) =>
      `Incorporar ${counted(count, 'imagen limpia confirmada', 'imágenes limpias confirmadas')} a una nueva versión de la referencia`,
    logged: (kind, at) => `${log[kind]}, ${utc(at)}: se ha anotado.`,
    removed: (kind, at) => `${log[kind]}, ${utc(at)}: se ha quitado.`,
    restore: 'Anotar de nuevo',
    future: 'Ese momento aún no ha llegado. Las horas son en UTC: indicar la hora en UTC, no la hora local.',
    undo: 'Deshacer',
    remove: 'Quitar',
    undoOf: (isUndo, kind, at) => `${isUndo ? 'Deshacer' : 'Quitar'}: ${log[kind]}, ${utc(at)}`,
    report: (report) => cleaningReport(report),
    notRejudged: 'El modelo actual no ha evaluado ninguna imagen desde entonces; uno anterior sí.',
  },
  job: {
    title: 'Imagen',
    flag: 'Indicador QARTOD',
    flags: { 1: '1, correcto', 2: '2, no evaluado', 3: '3, sospechoso', 4: '4, erróneo', 9: '9, ausente' },
    captured: 'Captura',
    sources: {
      'file-name': 'según el nombre del archivo',
      exif: 'según EXIF',
      'file-date': 'deducida de la fecha del archivo',
    },
    checked: 'Comprobada',
    verdict: 'Veredicto',
    distance: 'Distancia',
    limits: 'Límites, aviso y deriva',
    window: 'Ventana',
    sigma: 'Sigma',
    reference: 'Referencia',
    model: 'Modelo',
    picture: 'Imagen',
    brightness: 'Brillo',
    contrast: 'Contraste',
    sharpness: 'Nitidez',
    blueMinusRed: 'Azul menos rojo',
    greenCast: 'Dominante verde',
    file: 'Archivo',
    sha256: 'SHA-256',
    previous: 'Anterior',
    next: 'Posterior',
    delete: 'Eliminar…',
    numbers: 'Todos los números',
    why: 'La explicación',
    noPicture: 'sin imagen',
    pictureOf: (name) => `Imagen ${name}`,
  },
  jobs: {
    title: 'Análisis',
    lead: (count) => `${images(count)}, primero las más recientes.`,
    leadOfModels: (count) =>
      `${counted(count, 'análisis', 'análisis')}, primero los más recientes: uno por cada modelo que evaluó una imagen.`,
    model: 'Modelo',
    none: 'Aún no se ha comprobado ninguna imagen.',
    reading: 'Las imágenes más antiguas se están leyendo todavía.',
    exportCsv: 'Exportar CSV',
    exportJson: 'Exportar JSON',
    filter: 'Mostrar',
    all: 'todos',
    showMore: (count) => `Mostrar ${String(count)} más`,
    columns: {
      captured: 'Captura (UTC)',
      image: 'Imagen',
      distance: 'Distancia',
      verdict: 'Veredicto',
      flag: 'Indicador',
      model: 'Modelo',
    },
    openWith: (name, verdict) => `Abrir ${name}: ${verdict}`,
    plot: {
      axes: {
        capturedAt: 'hora de captura (UTC)',
        distance: 'distancia',
        reconstructionError: 'error de reconstrucción',
        brightness: 'brillo',
        contrast: 'contraste',
        sharpness: 'nitidez',
        blueMinusRed: 'azul menos rojo',
        greenCast: 'dominante verde',
        haze: 'bruma',
      },
      summary: (count, y, x) =>
        `Gráfico de dispersión de ${y} frente a ${x}, ${counted(count, 'punto')}. La tabla de debajo abre cada análisis con sus números.`,
      thinned: (count) =>
        `Se dibujan ${String(count)} puntos; los demás están junto a uno de ellos y se ven igual.`,
      ofModel: (name, others) =>
        `Se dibujan los análisis de ${name}.${others === 0 ? '' : others === 1 ? ' 1 más está solo en la tabla: dos modelos no comparten eje.' : ` ${String(others)} más están solo en la tabla: dos modelos no comparten eje.`}`,
      mixed:
        'Algunas distancias tienen otra referencia, modelo o detector: comparar solo las que tienen los mismos.',
      limitsDiffer:
        'Los límites que cambiaron entre estos análisis solo se dibujan frente a la hora de captura.',
      noAxis: 'Nada que dibujar: ninguno de estos archivos se pudo leer como imagen.',
      rebuilding: (done, total) =>
        `Se está calculando el error de reconstrucción: ${spaced(done)} de ${spaced(total)}`,
      rebuildingFailed: 'El error de reconstrucción no se pudo calcular en esta visita.',
      failed: 'No se pudo cargar el gráfico. La tabla de debajo abre cada análisis con sus números.',
    },
  },
  reference: {
    title: 'Referencia',
    none: 'Esta cámara aún no tiene referencia.',
    lead: (version, count, length) =>
      `Versión ${String(version)}: ${counted(count, 'embedding limpio', 'embeddings limpios')} de ${String(length)} números.`,
    warmUp: {
      reference:
        'La ventana empieza llena con las últimas imágenes limpias de la propia referencia, como en el tutorial. Esas ventanas comparten muestras con la referencia y dan distancias algo bajas.',
      snapshots: (count) =>
        `La ventana empieza llena con ${counted(count, 'imagen limpia reservada', 'imágenes limpias reservadas')}, fuera de la referencia.`,
      none: 'La ventana empieza vacía: el primer veredicto llega cuando está llena.',
    },
    what: 'Una referencia es un conjunto fijo de embeddings de imágenes limpias. Cada ventana posterior se compara con todo él, así que debe cubrir todas las horas de uso y varias condiciones meteorológicas.',
    frozen: (at) => `Fijada el ${utc(at)}.`,
    versions: 'Versiones',
    inUse: 'en uso',
    exportNpy: 'Exportar .npy',
    exportNpz: 'Exportar .npz',
    exportConfig: 'Exportar config.toml',
    exportHint: '.npy contiene los embeddings como float32 (n, d); .npz, también los nombres.',
    newVersion: 'Crear una nueva versión',
    newVersionHint:
      'Con imágenes limpias que se suelten aquí. Los análisis ya evaluados conservan sus distancias.',
    leftOut: 'Excluidas de esta referencia',
    names: 'Imágenes que contiene',
  },
  setUp: {
    title: 'Configurar una cámara',
    titleVersion: 'Nueva versión de la referencia',
    defaultName: 'Mi cámara',
    name: 'Nombre de la cámara',
    nameMissing: 'Dar un nombre a la cámara.',
    model: 'Modelo',
    clean: 'Imágenes limpias',
    cleanHint:
      'Imágenes tomadas con la lente limpia, de varios días y de todas las horas de uso; o el config.toml del tutorial con su carpeta; o embeddings en .npy o .npz. Soltarlas en la página, o',
    chosen: (clean, dirty, rest) =>
      `${counted(clean, 'imagen limpia', 'imágenes limpias')}${dirty > 0 ? `, ${counted(dirty, 'listada como sucia', 'listadas como sucias')}` : ''}${rest - dirty > 0 ? `, ${String(rest - dirty)} sin listar` : ''}.`,
    nothingChosen: 'Aún no se ha elegido ninguna imagen.',
    reading: (name: string) => `Leyendo ${name}…`,
    configChosen: (resize) => `config.toml leído: las imágenes se reescalan a ${resize}.`,
    configListsMissing: 'La configuración lista imágenes: añadir la carpeta que las contiene.',
    imported: (file, count, length) =>
      `${file}: ${counted(count, 'embedding')} de ${String(length)} números.`,
    warmUp: 'Antes de la primera imagen, la ventana se llena con',
    warmUpOptions: {
      snapshots: (windowSize) =>
        `las ${String(windowSize)} imágenes limpias más recientes, fuera de la referencia (recomendado)`,
      reference: 'las últimas imágenes de la referencia, como en el tutorial',
      none: 'nada: empezar con la ventana vacía',
    },
    build: 'Crear la referencia',
    clear: 'Empezar de nuevo',
    back: (name) => `Volver a ${name}`,
    onlyLists: 'De una configuración aquí solo se usan las listas; la cámara mantiene sus propios ajustes.',
    few: (count) =>
      `${counted(count, 'imagen limpia puede', 'imágenes limpias pueden')} bastar, pero cuarenta o más de varios días evalúan mucho mejor.`,
    notices: 'Conviene saber',
    configNotice: (notice) => configNotice(notice),
    matchProblem: (problem) => matchProblem(problem),
    leftOut: (entry) =>
      entry.kind === 'unreadable'
        ? `${entry.name}: ${errors[entry.code](detail(entry.detail))}`
        : `${entry.name}: la misma imagen que ${entry.as}, contada una vez.`,
    checkRest: (count) => (count === 1 ? 'Comprobar la otra imagen' : `Comprobar las otras ${images(count)}`),
    checkRestHint: 'La carpeta contiene imágenes que no forman parte de la referencia.',
    unlisted: (count) =>
      count === 1
        ? '1 imagen sin listar, así que no forma parte de la referencia.'
        : `${String(count)} imágenes sin listar, así que no forman parte de la referencia.`,
    more: (count) => `y ${String(count)} más`,
  },
  settings: {
    title: 'Ajustes',
    camera: 'Esta cámara',
    name: 'Nombre',
    warning: 'Aviso por encima de',
    drift: 'Deriva por encima de',
    sigma: 'Sigma',
    sigmaHint:
      'Sigma: ancho de banda del kernel RBF, en unidades del embedding: hasta qué separación dos embeddings cuentan como parecidos.',
    window: 'Ventana',
    windowHint: 'Ventana: cuántas imágenes recientes se comparan cada vez con la referencia.',
    raiseAfter: 'Activar tras',
    clearAfter: 'Desactivar tras',
    clearBelow: 'Desactivar por debajo de (parte del límite)',
    persistenceHint: (span) =>
      `Persistencia: un límite activa su alarma tras ese número de ventanas seguidas por encima, y la desactiva tras otras tantas por debajo de una línea inferior. Cada imagen forma una ventana${span === null ? '' : `; al ritmo de esta cámara, activarla lleva ${span}`}.`,
    save: 'Guardar',
    saved:
      'Guardado. Las imágenes que se evalúen desde ahora usan estos ajustes; lo ya evaluado conserva los suyos.',
    deleteCamera: 'Eliminar esta cámara…',
    deleteConfirm: (name, count, waiting) =>
      `¿Eliminar ${name} con sus referencias, ${counted(count, 'análisis', 'análisis')} e imágenes de este dispositivo?${waiting > 0 ? ` ${waiting === 1 ? 'No se enviará 1 registro pendiente' : `No se enviarán ${String(waiting)} registros pendientes`} para DriftWatch.` : ''} No se puede deshacer.`,
    deleteYes: 'Eliminar definitivamente',
    keep: 'Conservarla',
    cancel: 'Cancelar',
    encoder: 'Codificador',
    backend: { webgpu: 'WebGPU', wasm: 'WebAssembly (SIMD, un hilo por proceso)' },
    backendShort: { webgpu: 'WebGPU', wasm: 'WebAssembly' },
    backendReason: {
      faster: 'Según las mediciones, WebGPU es más rápido aquí.',
      'no-adapter': 'Este navegador no ofrece WebGPU que calcule en un procesador gráfico real.',
      slower: 'WebGPU funciona aquí, pero según las mediciones es más lento que los procesos juntos.',
      'wrong-answer': 'WebGPU dio una respuesta errónea en la autoprueba, así que no se usa.',
      failed: 'WebGPU no pudo ejecutar este modelo.',
      lost: 'Se perdió el procesador gráfico, así que el trabajo siguió con WebAssembly.',
    },
    backendIdle: 'El codificador arranca con la primera imagen.',
    start: 'Arrancarlo y ejecutar la autoprueba',
    speed: (ms) => `${threeDigits(ms)} ms por embedding`,
    workers: (count) => counted(count, 'proceso'),
    selfTestPassed: (difference, tolerance) =>
      `Autoprueba superada: la imagen incorporada da el embedding guardado (diferencia máxima ${difference.toExponential(1)}, permitida ${tolerance.toExponential(1)}).`,
    selfTestNone: 'Este modelo vino sin una respuesta conocida, así que su aritmética no se comprueba.',
    models: 'Modelos',
    shipped: 'incluido en Porthole',
    own: 'guardado en este dispositivo',
    addModel: 'Añadir un autoencoder .onnx',
    addModelHint:
      'Una entrada float32 [N, 3, alto, ancho] y un embedding entre las salidas. Las cámaras que se configuren desde entonces pueden usarlo. Soltarlo en la página, o elegirlo:',
    modelFacts: (length, height, width, size) =>
      `${String(length)} números de ${String(height)} × ${String(width)} píxeles, ${bytes(size)}`,
    edit: 'Editar el manifiesto',
    saveModel: 'Guardar el archivo',
    forget: 'Olvidar',
    inUse: 'en uso por una cámara',
    manifest: {
      name: 'Nombre',
      description: 'Descripción',
      mean: 'Media (rojo, verde, azul)',
      std: 'Desviación típica (rojo, verde, azul)',
      sigma: 'Sigma sugerido',
      window: 'Ventana sugerida',
      warning: 'Límite de aviso sugerido',
      drift: 'Límite de deriva sugerido',
      license: 'Licencia',
    },
    look: 'Aspecto',
    themes: { auto: 'Como el dispositivo', light: 'Claro', dark: 'Oscuro', night: 'Noche (rojo)' },
    language: 'Idioma',
    storage: 'Almacenamiento',
    about: 'Acerca de',
    version: (version) => `Porthole ${version}.`,
    left: (sentence) =>
      `${sentence}. Las imágenes nunca salen. Porthole no consulta más servidores que los de DriftWatch y mytoken que se le indiquen.`,
  },
};

function images(count: number): string {
  return counted(count, 'imagen', 'imágenes');
}

function falseAlarms(count: number): string {
  return counted(count, 'falsa alarma', 'falsas alarmas');
}

function warmingUp(fill: number, windowSize: number): string {
  return `preparando ${String(fill)}/${String(windowSize)}`;
}

function cleaningReport(report: CleaningReport): string {
  const { daysSincePrevious, before, after, recovery, wasInAlarm, relapseAt } = report;
  const parts: string[] = [];
  switch (recovery.kind) {
    case 'no-snapshot':
      parts.push('Ninguna imagen desde entonces.');
      break;
    case 'filling':
      parts.push(`La ventana se llena: ${warmingUp(recovery.windowFill, recovery.windowSize)}.`);
      break;
    case 'confirmed':
      parts.push(
        wasInAlarm
          ? `Surtió efecto: normal de nuevo tras ${images(recovery.snapshots)}.`
          : `Normal, como antes: confirmado tras ${images(recovery.snapshots)}.`,
      );
      break;
    case 'not-yet':
      parts.push(`Aún no es normal tras ${images(recovery.snapshots)}.`);
  }
  if (before !== null && after !== null) {
    parts.push(`Distancia ${threeDigits(before)} antes, ${threeDigits(after)} después.`);
  } else if (before !== null) parts.push(`Distancia ${threeDigits(before)} antes.`);
  if (relapseAt !== null) parts.push(`De nuevo por encima del límite de aviso desde el ${utc(relapseAt)}.`);
  if (daysSincePrevious !== null) {
    parts.push(`${duration(daysSincePrevious * 86_400_000)} después de la limpieza anterior.`);
  }
  return parts.join(' ');
}

function configNotice({ kind, key }: ConfigNotice): string {
  return kind === 'default'
    ? `${key} no está en la configuración; se usa el valor del tutorial.`
    : `${key} se conserva, pero Porthole no lo usa.`;
}

function matchProblem({ kind, name }: MatchProblem): string {
  switch (kind) {
    case 'in-both':
      return `${name} está listada como limpia y como sucia, así que no se usa.`;
    case 'missing':
      return `${name} está listada, pero no está entre los archivos.`;
    case 'duplicate-name':
      return `${name} está listada dos veces, y se usa una.`;
    case 'duplicate-file':
      return `${name} es un segundo archivo de la misma imagen, y se excluye.`;
    case 'unlisted':
      return `${name} no está listada, así que no forma parte de la referencia.`;
  }
}

type ScoredJob = Pick<CompletedJob, 'thresholds' | 'persistence'> & { readonly distance: number };

function verdictSentence(status: DriftStatus, job: ScoredJob, count: number): string {
  const { distance, thresholds, persistence = NO_PERSISTENCE } = job;
  const { warning, drift } = thresholds;
  const number = `Distancia ${threeDigits(distance)}`;
  const held = (value: number) =>
    persistence.clearAfter === 1
      ? `La alarma se mantiene hasta que 1 imagen esté en ${limit(lowerLineOf(value, persistence))} o menos.`
      : `La alarma se mantiene hasta que ${String(persistence.clearAfter)} imágenes seguidas estén en ${limit(lowerLineOf(value, persistence))} o menos.`;
  const pending = `La alarma se activa tras ${counted(persistence.raiseAfter, 'imagen', 'imágenes seguidas')}.`;
  switch (status) {
    case 'drift':
      return distance > drift
        ? `${number}, ${threeDigits(distance / drift)} veces el límite de deriva de ${limit(drift)}${lasting(count)}.`
        : `${number}, ya no por encima del límite de deriva de ${limit(drift)}. ${held(drift)}`;
    case 'warning':
      if (distance > drift)
        return `${number}, por encima del límite de deriva de ${limit(drift)}. ${pending}`;
      return distance > warning
        ? `${number}, por encima del límite de aviso de ${limit(warning)} pero no del límite de deriva de ${limit(drift)}${lasting(count)}. Comprobar de nuevo con las próximas imágenes.`
        : `${number}, ya no por encima del límite de aviso de ${limit(warning)}. ${held(warning)}`;
    default:
      return distance > warning
        ? `${number}, por encima del ${distance > drift ? `límite de deriva de ${limit(drift)}` : `límite de aviso de ${limit(warning)}`}. ${pending}`
        : `${number}, por debajo del límite de aviso de ${limit(warning)}${lasting(count)}.`;
  }
}

function lasting(count: number): string {
  return count > 1 ? `, en las últimas ${String(count)} imágenes` : '';
}

function list(names: readonly string[]): string {
  return listedShort(names, (more) => `y ${String(more)} más`);
}
