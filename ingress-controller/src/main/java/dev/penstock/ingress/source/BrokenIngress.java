package dev.penstock.ingress.source;

import dev.penstock.ingress.annotation.AnnotationReader;
import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.Fields.Faults;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.model.Source;
import dev.penstock.model.text.Suggestion;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of an Ingress that cannot be read as a whole. Were it left out although it limits
 * who may ask, its hosts and paths would fall to a broader route of somebody else, which knows
 * nothing of the protection. So as much of it as can be read is kept, marked, and is closed by the
 * translation. One without a protection is left out.
 */
final class BrokenIngress {
  private static final String LIMITS = "it limits who may ask: ";

  private BrokenIngress() {}

  /**
   * @param source the object
   * @return empty when nothing of it has to be closed
   */
  static Optional<IngressObject> protecting(Mapping object, Source source) {
    Faults told = new Faults(true); // by whoever found that it is broken
    Mapping meant = MeantIngress.of(object);
    Fields root = Fields.of(told, source, meant);
    WrittenAnnotations annotations = Metadata.annotationsOfBroken(root);
    String why = why(object, !meant.entries().containsKey("spec"), annotations);
    if (why.isEmpty()) return Optional.empty();
    ObjectKey key = Metadata.keyOrPlace(root);
    return Optional.of(IngressShape.ingress(root, key, annotations).broken(why));
  }

  /**
   * An Ingress that can be read but is not taken, as what closes its routes.
   *
   * @param why it is not taken
   * @return empty when nothing of it has to be closed
   */
  static Optional<IngressObject> closing(IngressObject ingress, String why) {
    if (ingress.isBroken()) return Optional.of(ingress);
    List<String> protections = AnnotationReader.protections(ingress.annotations());
    if (protections.isEmpty()) return Optional.empty();
    return Optional.of(ingress.broken(LIMITS + Suggestion.list(protections) + " (" + why + ")"));
  }

  private static String why(Mapping object, boolean isCutOff, WrittenAnnotations annotations) {
    List<String> protections = AnnotationReader.protections(annotations);
    if (!protections.isEmpty()) return LIMITS + Suggestion.list(protections);
    boolean isLost = Metadata.annotationsAreLost(object) || KnownFields.hidesAnnotations(object);
    return isLost && !isCutOff ? "its annotations cannot be read" : "";
  }
}
