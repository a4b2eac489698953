package dev.penstock.ingress.source;

import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.ingress.source.Node.Sequence;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a broken Ingress was meant to be, where a slip of the pen would lose its hosts: {@code
 * spec}, {@code rules} and {@code host} under a misspelt name, and one rule where a list of rules
 * belongs, or where they stand in {@code metadata} or at the top level. Only for closing what it
 * names; what is wrong with it is told of the object as it is written.
 */
final class MeantIngress {
  private MeantIngress() {}

  static Mapping of(Mapping object) {
    Mapping named = specAtItsPlace(named(object, "spec"));
    if (!(named.entries().get("spec") instanceof Mapping written)) return named;
    Mapping spec = named(written, "rules");
    Node rules = spec.entries().get("rules");
    List<Node> meant =
        switch (rules) {
          case Sequence several -> several.items().stream().map(MeantIngress::rule).toList();
          case Mapping one -> List.of(rule(one));
          case null, default -> List.of();
        };
    if (rules == null || meant.isEmpty()) return with(named, "spec", spec);
    Node list = new Sequence(meant, rules.bytes(), rules.line(), rules.column());
    return with(named, "spec", with(spec, "rules", list));
  }

  /** What stands in {@code metadata}, or as rules without a {@code spec} around them. */
  private static Mapping specAtItsPlace(Mapping object) {
    if (isThere(object, "spec")) return object;
    List<Mapping> holders = new ArrayList<>(List.of(object));
    if (object.entries().get("metadata") instanceof Mapping metadata) {
      Mapping named = named(metadata, "spec");
      Node spec = named.entries().get("spec");
      if (isThere(named, "spec") && spec != null) return with(object, "spec", spec);
      holders.add(metadata);
    }
    for (Mapping holder : holders) {
      if (isThere(named(holder, "rules"), "rules")) return with(object, "spec", holder);
    }
    return object;
  }

  private static boolean isThere(Mapping mapping, String name) {
    Node there = mapping.entries().get(name);
    return there != null && !Fields.isNull(there);
  }

  private static Node rule(Node rule) {
    return rule instanceof Mapping mapping ? named(mapping, "host") : rule;
  }

  /** With the one field that is nearly called so under that name, if there is none of the name. */
  private static Mapping named(Mapping mapping, String name) {
    if (isThere(mapping, name)) return mapping;
    List<String> near =
        mapping.entries().keySet().stream()
            .filter(key -> !key.equals(name))
            .filter(key -> !Suggestion.nearest(key, Set.of(name)).isEmpty())
            .toList();
    if (near.size() != 1) return mapping;
    Node meant = mapping.entries().get(near.getFirst());
    return meant == null ? mapping : with(mapping, name, meant);
  }

  private static Mapping with(Mapping mapping, String name, Node value) {
    Map<String, Node> entries = new LinkedHashMap<>(mapping.entries());
    entries.put(name, value);
    return new Mapping(entries, mapping.keys(), mapping.bytes(), mapping.line(), mapping.column());
  }
}
