const PICTURES = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'image/webp': ['.webp'],
  'image/gif': ['.gif'],
  'image/bmp': ['.bmp'],
  'image/avif': ['.avif'],
};

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
