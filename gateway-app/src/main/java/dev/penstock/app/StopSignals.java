package dev.penstock.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT, one after the other. A shutdown hook would not do: the JVM takes no second
 * signal while hooks run, and then its exit code is not ours.
 *
 * <p>{@code sun.misc.Signal} (module jdk.unsupported) is the JDK's only door to signals. It is
 * named as text here because javac warns at each mention and cannot be told not to, and warnings
 * fail the build.
 */
final class StopSignals {
  private static final List<String> NAMES = List.of("TERM", "INT");

  private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();

  private StopSignals() {}

  /** From now on these signals end nothing by themselves. */
  static StopSignals listen() {
    StopSignals signals = new StopSignals();
    try {
      signals.handle();
    } catch (Throwable missing) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", missing);
    }
    return signals;
  }

  private void handle() throws Throwable {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    MethodHandle number = lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class));
    MethodHandle add =
        lookup
            .bind(arrived, "add", MethodType.methodType(boolean.class, Object.class))
            .asType(MethodType.methodType(void.class, int.class));
    Object listener =
        MethodHandleProxies.asInterfaceInstance(
            handler, MethodHandles.filterArguments(add, 0, number));
    MethodHandle create =
        lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
    MethodHandle install =
        lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler));
    for (String name : NAMES) {
      try {
        install.invokeWithArguments(create.invokeWithArguments(name), listener);
      } catch (IllegalArgumentException ignoredByParent) {
        // A parent that starts us with the signal ignored (nohup; SIGINT in a script's background)
        // means it so, and the JVM keeps to it.
      }
    }
  }

  /** Waits for the next one; its number. */
  int take() throws InterruptedException {
    return arrived.take();
  }

  /** Waits at most this long for the next one; its number, or null. */
  @Nullable Integer poll(Duration atMost) throws InterruptedException {
    return arrived.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
