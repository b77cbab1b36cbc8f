const PICTURES = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'image/webp': ['.webp'],
  'image/gif': ['.gif'],
  'image/bmp': ['.bmp'],
  'image/avif': ['.avif'],
};

/** A browser shows them before it installs the page; `npm run pictures` makes them. */
export const SCREENSHOTS = [
  { path: 'screenshots/wide.jpg', width: 1280, height: 800, form_factor: 'wide' },
  { path: 'screenshots/narrow.jpg', width: 412, height: 892, form_factor: 'narrow' },
];

/**
 * Makes the page an app that can be installed. Addresses are relative, so that it works from any path. It has no `id`,
 * because an `id` is resolved against the host; without one a browser uses the start address, which has the path too.
 *
 * @type {Partial<import('vite-plugin-pwa').ManifestOptions>}
 */
export const webManifest = {
  name: 'Porthole',
  short_name: 'Porthole',
  description: 'Tells whether an underwater camera still sees clearly, in this browser alone.',
  lang: 'en',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#f6f4ee',
  theme_color: '#f6f4ee',
  categories: ['utilities', 'science'],
  icons: [
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
    { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  screenshots: SCREENSHOTS.map(({ path, width, height, form_factor }) => ({
    src: path,
    sizes: `${width}x${height}`,
    type: 'image/jpeg',
    form_factor,
    label: 'The demo camera: its lens is overgrown, the page marks where and says to clean it.',
  })),
  // Only one window may write: a second one for an opened file could not take it.
  launch_handler: { client_mode: ['focus-existing', 'auto'] },
  file_handlers: [
    {
      action: './',
      accept: {
        ...PICTURES,
        'application/toml': ['.toml'],
        'application/x-onnx': ['.onnx'],
        'application/x-npz': ['.npz'],
        'application/zip': ['.zip'],
      },
    },
  ],
};
