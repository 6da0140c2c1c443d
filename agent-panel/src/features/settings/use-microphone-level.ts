import { onBeforeUnmount, ref } from 'vue';

/** Loudness of the microphone, 0–1, while the meter runs; the device is let go when it stops or the page is left. */
export function useMicrophoneLevel() {
  const level = ref(0);
  const running = ref(false);
  const failed = ref(false);
  let stream: MediaStream | null = null;
  let context: AudioContext | null = null;
  let timer: ReturnType<typeof setInterval> | null = null;

  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    void context?.close();
    context = null;
    running.value = false;
    level.value = 0;
  }

  async function start(deviceId: string): Promise<void> {
    stop();
    failed.value = false;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: deviceId === '' ? true : { deviceId: { exact: deviceId } } });
    } catch {
      failed.value = true;
      return;
    }
    context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    running.value = true;
    timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      level.value = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    }, 80);
  }

  onBeforeUnmount(stop);
  return { level, running, failed, start, stop };
}
