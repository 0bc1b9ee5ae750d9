/** What a media socket asks the kernel for. */

/** Kernel buffers of a media socket, bytes: bursts of many senders arrive between two turns of the worker's loop. */
export const socketBufferBytes = 4 * 1024 * 1024;
