/** Where pictures come from: a screen, a webcam; for automation, pictures that are painted. */

/** What the web client asks of a webcam and sends of it (wire spec 3.9). */
const webcamSize = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 30 } };
/** Bits a second and frames a second of the two kinds of picture. */
export const encodings = {
  screen: { maxBitrate: 1_000_000, maxFramerate: 10 },
  webcam: { maxBitrate: 1_000_000, maxFramerate: 30 },
};

/** The person picks what to share; sound comes where the browser has it. Rejects when they pick nothing. */
export function captureScreen() {
  return navigator.mediaDevices.getDisplayMedia({
    video: { frameRate: { max: encodings.screen.maxFramerate } },
    audio: true,
  });
}

/** `deviceId` undefined: any. */
export function captureWebcam(deviceId) {
  const choice = deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
  return navigator.mediaDevices.getUserMedia({ video: { ...webcamSize, ...choice } });
}

/** A picture of one colour with a square that wanders, so that frames are sent. For automation. */
export function paint(colour, framesPerSecond = 10) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  let at = 0;
  const draw = () => {
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = 'black';
    context.fillRect((at += 7) % canvas.width, 8, 32, 32);
  };
  draw();
  const stream = canvas.captureStream(framesPerSecond);
  const timer = setInterval(draw, 1000 / framesPerSecond);
  const [track] = stream.getVideoTracks();
  const stop = track.stop.bind(track);
  track.stop = () => {
    clearInterval(timer);
    stop();
  };
  return stream;
}
