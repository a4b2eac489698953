package dev.penstock.app;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", missing);
    }
  }

  private static void install(List<String> names, IntConsumer listener)
      throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Method number = signal.getMethod("getNumber");
    InvocationHandler handling =
        (proxy, method, arguments) -> {
          if (!method.getName().equals("handle")) return null;
          listener.accept((Integer) number.invoke(arguments[0]));
          return null;
        };
    Object proxy =
        Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, handling);
    Constructor<?> create = signal.getConstructor(String.class);
    Method install = signal.getMethod("handle", signal, handler);
    for (String name : names) {
      try {
        install.invoke(null, create.newInstance(name), proxy);
      } catch (InvocationTargetException refused) {
        // A parent that starts us with the signal ignored (nohup; SIGINT in a script's background)
        // means it so, and the JVM keeps to it.
        if (!(refused.getCause() instanceof IllegalArgumentException)) throw refused;
      }
    }
  }
}
