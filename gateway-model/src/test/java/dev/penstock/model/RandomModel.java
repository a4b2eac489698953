package dev.penstock.model;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random values of the model, made from the records' own components: a component or a case that is
 * added later is covered without a change here.
 */
final class RandomModel {
  private static final int TRIES = 1_000;
  private static final String ALPHABET =
      "aZ09-_./:*\"\\ \n\t\r\u0000\u007f\u2028äß\ud83d\ude00\ud800";

  private final Random random;

  RandomModel(long seed) {
    this.random = new Random(seed);
  }

  Publication publication() {
    Settings settings = make(Settings.class);
    List<Upstream> upstreams = distinct(list(Upstream.class, 4));
    Map<HostPattern, VirtualHost> hosts = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      HostPattern host = make(HostPattern.class);
      hosts.put(host, new VirtualHost(host, routes(upstreams)));
    }
    Map<String, KeyMaterial> keys = new HashMap<>();
    Map<HostPattern, TlsHost> tlsHosts = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      KeyMaterial key = make(KeyMaterial.class);
      String name = "ns/" + i + text();
      HostPattern host = make(HostPattern.class);
      keys.put(name, key);
      if (!host.isAny()) tlsHosts.put(host, new TlsHost(host, key.ref(name)));
    }
    return new Publication(
        new GatewayConfig(
            settings, List.copyOf(hosts.values()), upstreams, List.copyOf(tlsHosts.values())),
        list(EndpointSet.class, 3),
        keys);
  }

  private List<Route> routes(List<Upstream> upstreams) {
    List<Route> routes = new ArrayList<>();
    Set<PathMatch> matches = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      Route route = make(Route.class);
      if (!matches.add(route.match())) continue;
      RouteAction action = route.action();
      if (action instanceof RouteAction.Forward forward) {
        action =
            new RouteAction.Forward(
                forward.targets().stream()
                    .map(t ->
                        new RouteAction.Target(
                            upstreams.get(random.nextInt(upstreams.size())).id(), t.weight()))
                    .toList());
      }
      routes.add(
          new Route(
              route.match(),
              action,
              random.nextBoolean() ? RoutePolicy.DEFAULT : route.policy(),
              route.service(),
              route.servicePort(),
              route.source()));
    }
    return routes;
  }

  private static List<Upstream> distinct(List<Upstream> upstreams) {
    Map<Upstream.Id, Upstream> byId = new HashMap<>();
    upstreams.forEach(u -> byId.put(u.id(), u));
    return List.copyOf(byId.values());
  }

  private <T> List<T> list(Class<T> type, int size) {
    List<T> list = new ArrayList<>();
    for (int i = 0; i < size; i++) list.add(make(type));
    return list;
  }

  /** Tries until the compact constructor takes the values. */
  <T> T make(Class<T> type) {
    for (int i = 0; i < TRIES; i++) {
      try {
        return type.cast(value(type));
      } catch (IllegalArgumentException refused) {
        // another try
      }
    }
    throw new IllegalStateException("no valid " + type + " in " + TRIES + " tries");
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      return Map.of(text(), text());
    }
    if (type instanceof ParameterizedType list) {
      Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
      return list(element, 1 + random.nextInt(3));
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) return text();
    if (raw == int.class) return integer();
    if (raw == long.class) return random.nextLong() >>> random.nextInt(64);
    if (raw == boolean.class) return random.nextBoolean();
    if (raw == Duration.class)
      return Duration.ofSeconds(random.nextInt(9_999), random.nextInt(999));
    if (raw == KeyMaterial.class) return new KeyMaterial(text(), text());
    if (raw == HostPattern.class) return new HostPattern(host());
    if (raw.isEnum()) return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
    if (raw.isSealed()) {
      Class<?>[] cases = raw.getPermittedSubclasses();
      return make(cases[random.nextInt(cases.length)]);
    }
    return record(raw);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Object value;
      if (types[i].isRecord()) value = make(types[i]);
      else value = value(components[i].getGenericType());
      values[i] = value;
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof IllegalArgumentException why) throw why;
      throw new IllegalStateException(refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private int integer() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(10);
      case 1 -> 300 + random.nextInt(10);
      case 2 -> 400 + random.nextInt(200);
      case 3 -> random.nextInt(65_536);
      default -> random.nextInt() >>> random.nextInt(20);
    };
  }

  private String host() {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "*.h" + random.nextInt(1_000) + ".example";
      default -> "h" + random.nextInt(1_000) + ".example";
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "/" : "");
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++)
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    return text.toString();
  }
}
