package dev.penstock.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Signals of the system. {@code sun.misc.Signal} (module jdk.unsupported) is the JDK's only door to
 * them. It is named as text here because javac warns at each mention and cannot be told not to, and
 * warnings fail the build.
 */
final class Signals {
  private Signals() {}

  /**
   * From now on these signals do this and nothing else.
   *
   * @param names without SIG, such as {@code TERM}
   * @param listener gets the number, on a thread of the JVM
   */
  static void handle(List<String> names, IntConsumer listener) {
    try {
      install(names, listener);
    } catch (Throwable missing) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", missing);
    }
  }

  private static void install(List<String> names, IntConsumer listener) throws Throwable {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    MethodHandle number = lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class));
    MethodHandle accept =
        lookup.bind(listener, "accept", MethodType.methodType(void.class, int.class));
    Object handling =
        MethodHandleProxies.asInterfaceInstance(
            handler, MethodHandles.filterArguments(accept, 0, number));
    MethodHandle create =
        lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
    MethodHandle install =
        lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler));
    for (String name : names) {
      try {
        install.invokeWithArguments(create.invokeWithArguments(name), handling);
      } catch (IllegalArgumentException ignoredByParent) {
        // A parent that starts us with the signal ignored (nohup; SIGINT in a script's background)
        // means it so, and the JVM keeps to it.
      }
    }
  }
}
