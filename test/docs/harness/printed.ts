/** PURE: what a page says that a command prints: a block `output` right below it, in which `…` stands for whatever varies. */
import type { Block, Page } from './markdown.ts';

/** Of the block of commands; undefined: the page shows nothing. */
export function shownBelow({ blocks }: Page, block: Block): string | undefined {
  const next = blocks[blocks.indexOf(block) + 1];
  return next?.language === 'output' ? next.text : undefined;
}

/** Undefined when that was printed; blanks at the ends of lines and an empty end do not count. */
export function printProblem(shown: string, printed: string): string | undefined {
  const escaped = lean(shown)
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (new RegExp(`^${escaped.join('[\\s\\S]*?')}$`).test(lean(printed))) return undefined;
  return `the page shows\n${shown}\nand it prints\n${printed}`;
}

function lean(text: string): string {
  return text.replaceAll(/[ \t]+$/gm, '').trim();
}
