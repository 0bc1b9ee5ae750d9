/** The contrast of all text that a page shows now, by WCAG 2.2 (1.4.3), computed in the page. */
import type { Page } from 'playwright-core';

/** Texts with less contrast than `least`, each with its ratio and its colours. */
export async function faintTexts(page: Page, least = 4.5): Promise<string[]> {
  return await page.evaluate(`(${String(findFaint)})(${least})`);
}

/** The DOM as far as it is used here; this file is compiled for Node. */
interface PageElement {
  readonly parentElement: PageElement | null;
  readonly textContent: string | null;
  checkVisibility(options: object): boolean;
  matches(selector: string): boolean;
}
interface TextNode {
  readonly parentElement: PageElement | null;
  readonly textContent: string | null;
}
interface Canvas {
  fillStyle: string;
  clearRect(...box: number[]): void;
  fillRect(...box: number[]): void;
  getImageData(...box: number[]): { readonly data: Uint8ClampedArray };
}
declare const document: {
  readonly body: PageElement;
  createElement(name: string): { getContext(kind: string, options: object): Canvas };
  createTreeWalker(root: PageElement, what: number): { nextNode(): TextNode | null };
};
declare function getComputedStyle(element: PageElement): {
  readonly color: string;
  readonly backgroundColor: string;
};

/** Runs in the page, so it is complete in itself. */
function findFaint(least: number): string[] {
  type Rgba = readonly [number, number, number, number];
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgbaOf = (colour: string): Rgba => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top: Rgba, below: Rgba): Rgba => {
    const mix = (at: 0 | 1 | 2): number => top[at] * top[3] + below[at] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const groundOf = (element: PageElement | null): Rgba => {
    if (element === null) return [255, 255, 255, 1];
    const own = rgbaOf(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
  };
  const luminance = ([red, green, blue]: Rgba): number => {
    const linear = (value: number): number =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const isSeen = (element: PageElement, text: string): boolean =>
    text !== '' &&
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.matches('script, style, option');
  const faint = new Set<string>();
  const showText = 4; // NodeFilter.SHOW_TEXT
  const walker = document.createTreeWalker(document.body, showText);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (element === null || !isSeen(element, text)) continue;
    const ground = groundOf(element);
    const colour = over(rgbaOf(getComputedStyle(element).color), ground);
    const [light = 0, dark = 0] = [luminance(colour), luminance(ground)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < least)
      faint.add(`${ratio.toFixed(2)} "${text.slice(0, 40)}" ${colour.join()} on ${ground.join()}`);
  }
  return [...faint];
}
