import { expect, test } from '@jest/globals';
import { priceListSource } from './priceListSource.ts';

const prices = { sessions: 0.3, audioIn: 1, videoIn: 4, audioOut: 0.6, videoOut: 2 };

test('the list is source that has each price', () => {
  expect(priceListSource(prices)).toMatch(
    /export const millicores: Counts = \{\n {2}sessions: 0.3,\n[\s\S]* {2}videoOut: 2,\n\};\n$/,
  );
});

test('a list that lacks a price, or has one below zero, is refused', () => {
  expect(() => priceListSource({ ...prices, videoOut: undefined })).toThrow('videoOut');
  expect(() => priceListSource({ ...prices, sessions: -1 })).toThrow('sessions');
});
