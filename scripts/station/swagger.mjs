/** The door's description of itself: Swagger 2.0, and Swagger UI, which comes from here and asks no other host. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import folderOfLibrary from 'swagger-ui-dist/absolute-path.js';

const STATIC = '/static/swagger';
/** DEEPaaS's own first words, by which its clients know it, and then ours. */
const DESCRIPTION = `<img src='https://marketplace.deep-hybrid-datacloud.eu/images/logo-deep.png' width=200 alt='' />

This is a REST API that is focused on providing access to machine learning models. By using the DEEPaaS API users can easily run a REST API in front of their model, thus accessing its functionality via HTTP calls. 

Currently you are browsing the [Swagger UI](https://swagger.io/tools/swagger-ui/) of a camera station: Porthole answers it as DEEPaaS 2.4.0 does.`;

const text = { type: 'string' };
const listOf = (items) => ({ type: 'array', items });
const objectOf = (properties) => ({ type: 'object', properties });
const allTexts = (...names) => Object.fromEntries(names.map((name) => [name, text]));
const links = listOf(objectOf(allTexts('rel', 'type', 'href')));
const Version = objectOf({ ...allTexts('version', 'id'), links });
const ModelMeta = objectOf({
  ...allTexts('id', 'name', 'description', 'author', 'license', 'version', 'url'),
  links,
});

/** Bodies of answers. */
export const SCHEMAS = {
  Version,
  Versions: objectOf({ versions: listOf(Version), links }),
  ModelMeta,
  Models: objectOf({ models: listOf(ModelMeta) }),
  Prediction: objectOf({ status: text, predictions: { type: 'object' } }),
  Training: objectOf(allTexts('uuid', 'date', 'status', 'message')),
};

const INVALID = {
  description: 'Messages by argument',
  schema: { type: 'object', additionalProperties: listOf(text) },
};

/**
 * @param {Map<string, Record<string, { summary?: string, takes?: object, gives?: object }>>} routes
 * @param {string} version
 */
export function swagger(routes, version) {
  const paths = {};
  for (const [path, methods] of routes) {
    for (const [method, { summary, takes, gives }] of Object.entries(methods)) {
      if (summary === undefined) continue;
      const parameters = Object.entries(takes ?? {}).map(([name, argument]) => ({
        name,
        ...argument,
      }));
      (paths[path] ??= {})[method.toLowerCase()] = {
        tags: [path.startsWith('/v2/models') ? 'models' : 'versions'],
        summary,
        produces: ['application/json'],
        ...(takes && { consumes: ['multipart/form-data'] }),
        parameters,
        responses: { 200: { description: summary, schema: gives }, ...(takes && { 422: INVALID }) },
      };
    }
  }
  return {
    info: { description: DESCRIPTION, title: 'DEEP as a Service API endpoint', version },
    paths,
    swagger: '2.0',
  };
}

/** The logo in the description is another host's. */
const START = `fetch('/swagger.json').then((answer) => answer.json()).then((spec) => {
  spec.info.description = spec.info.description.replace(/<img[^>]*>/g, '');
  SwaggerUIBundle({ spec, dom_id: '#swagger-ui', validatorUrl: null, presets: [SwaggerUIBundle.presets.apis] });
});
`;

export const UI_PAGE = {
  type: 'text/html',
  headers: {
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  },
  body: `<!-- HTML for static distribution bundle build -->
<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <title>Swagger UI</title>
    <link rel="stylesheet" type="text/css" href="${STATIC}/swagger-ui.css" >
    <link rel="icon" type="image/png" href="${STATIC}/favicon-32x32.png" sizes="32x32" />
    <link rel="icon" type="image/png" href="${STATIC}/favicon-16x16.png" sizes="16x16" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${STATIC}/swagger-ui-bundle.js"></script>
    <script src="${STATIC}/start.js"></script>
  </body>
</html>
`,
};

/** The files of the page: how each is read, by its path. */
export const UI_FILES = {
  [`${STATIC}/start.js`]: () => ({ type: 'text/javascript', body: START }),
  ...fromLibrary('swagger-ui.css', 'text/css; charset=utf-8'),
  ...fromLibrary('swagger-ui-bundle.js', 'text/javascript; charset=utf-8'),
  ...fromLibrary('favicon-32x32.png', 'image/png'),
  ...fromLibrary('favicon-16x16.png', 'image/png'),
};

function fromLibrary(name, type) {
  const read = async () => readFile(join(folderOfLibrary(), name));
  return { [`${STATIC}/${name}`]: async () => ({ body: await read(), headers: { 'content-type': type } }) };
}
