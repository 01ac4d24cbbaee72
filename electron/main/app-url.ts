/** Scheme and host of the window's page. */
export const appScheme = "app";
export const appHost = "ui";
export const appPageUrl = `${appScheme}://${appHost}/index.html`;

/** Compares protocol and host; the origin of a custom scheme reads "null" in Node. */
export function isAppUrl(text: string): boolean {
  let url;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  return url.protocol === `${appScheme}:` && url.host === appHost;
}
