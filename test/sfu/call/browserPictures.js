// Pictures to share and to look at, each one colour. Runs in a page.
/* global window, document, MediaStream, setInterval, clearInterval */

const colours = { red: [255, 0, 0], lime: [0, 255, 0], blue: [0, 0, 255], white: [255, 255, 255] };

/** Fills most of a picture with what no codec can press. */
function addNoise(context, { width, height }) {
  const image = context.createImageData(width, height / 3);
  const words = new Uint32Array(image.data.buffer);
  let seed = Math.floor(Math.random() * 0xffffffff);
  for (let index = 0; index < words.length; index += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    words[index] = seed | 0xff000000;
  }
  context.putImageData(image, 0, 0);
}

/** A stream with a picture of one colour that changes a little all the time, so that frames are sent; with noise, a lot. */
window.paint = (colour, { fps = 10, noise = false }) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 640, height: 360 });
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  const stream = canvas.captureStream(fps);
  let count = 0;
  const draw = () => {
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (noise) addNoise(context, canvas);
    context.fillStyle = 'black';
    context.fillRect((count += 7) % canvas.width, 0, 40, 40);
  };
  draw();
  const timer = setInterval(draw, 1000 / fps);
  const stop = () => {
    clearInterval(timer);
    canvas.remove();
  };
  return { stream, stop };
};

/** Shows a track; `colour()` is the name of the colour in the middle of the picture, or none. */
window.watch = (track) => {
  const video = document.createElement('video');
  Object.assign(video, { srcObject: new MediaStream([track]), autoplay: true, muted: true });
  document.body.append(video);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 16, height: 16 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const colour = () => {
    if (video.videoWidth === 0) return 'none';
    context.drawImage(video, 0, 0, 16, 16);
    const [r, g, b] = context.getImageData(8, 8, 1, 1).data;
    const near = ([name, want]) =>
      Math.max(Math.abs(want[0] - r), Math.abs(want[1] - g), Math.abs(want[2] - b)) < 90 ? [name] : [];
    return Object.entries(colours).flatMap(near)[0] ?? `${r} ${g} ${b}`;
  };
  return { colour, video };
};
