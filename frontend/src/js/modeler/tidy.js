/** "Rapikan gambar" as one step that can be undone: only places change, never what is drawn. */

class PlaceAnew {
  constructor(elementRegistry, bpmnUpdater) {
    Object.assign(this, { elementRegistry, bpmnUpdater });
  }

  execute(context) {
    context.before ??= placesNow(this.elementRegistry);
    return this.#put(context.places);
  }

  revert(context) {
    return this.#put(context.before);
  }

  #put(places) {
    const changed = [...places.keys()].map(id => this.elementRegistry.get(id)).filter(Boolean);
    for (const element of changed) {
      const place = places.get(element.id);
      if (element.waypoints) {
        element.waypoints = place.map(point => ({ ...point }));
        this.bpmnUpdater.updateConnectionWaypoints(element);
      } else {
        Object.assign(element, place);
        this.bpmnUpdater.updateBounds(element);
      }
    }
    return changed;
  }
}

PlaceAnew.$inject = ['elementRegistry', 'bpmnUpdater'];

class TidyCommand {
  constructor(commandStack) {
    commandStack.registerHandler('alur.placeAnew', PlaceAnew);
  }
}

TidyCommand.$inject = ['commandStack'];

export const tidyModule = { __init__: ['tidyCommand'], tidyCommand: ['type', TidyCommand] };

/**
 * Take over the places of another version of this same drawing.
 * @returns false where it places something that this drawing does not show: then only opening it afresh helps.
 */
export async function takePlacesOf(modeler, xml) {
  const { rootElement } = await modeler.get('moddle').fromXML(xml);
  const registry = modeler.get('elementRegistry');
  const places = placesIn(rootElement);
  if ([...places.keys()].some(id => !id.endsWith('_label') && !registry.get(id))) return false;
  for (const id of places.keys()) if (!registry.get(id)) places.delete(id);
  for (const [id, place] of strayLabels(registry, places)) places.set(id, place);
  modeler.get('commandStack').execute('alur.placeAnew', { places });
  return true;
}

function placesNow(registry) {
  const places = new Map();
  registry.forEach(element => {
    if (element.waypoints) places.set(element.id, element.waypoints.map(({ x, y }) => ({ x, y })));
    else if (element.parent) places.set(element.id, boundsOf(element));
  });
  return places;
}

/** {id: bounds | waypoints}, labels as "<id>_label", as the library names them. */
function placesIn(definitions) {
  const places = new Map();
  for (const di of definitions.diagrams?.[0]?.plane?.planeElement ?? []) {
    const id = di.bpmnElement?.id;
    if (!id) continue;
    places.set(id, di.waypoint ? di.waypoint.map(({ x, y }) => ({ x, y })) : boundsOf(di.bounds));
    if (di.label?.bounds) places.set(`${id}_label`, boundsOf(di.label.bounds));
  }
  return places;
}

/** A label that the new layout does not place keeps its distance to what it names. */
function strayLabels(registry, places) {
  return registry
    .filter(element => element.labelTarget && !places.has(element.id) && places.has(element.labelTarget.id))
    .map(label => {
      const from = middle(label.labelTarget.waypoints ?? boundsOf(label.labelTarget));
      const to = middle(places.get(label.labelTarget.id));
      return [label.id, { ...boundsOf(label), x: label.x + to.x - from.x, y: label.y + to.y - from.y }];
    });
}

const boundsOf = ({ x, y, width, height }) => ({ x, y, width, height });

function middle(place) {
  return Array.isArray(place) ? place[Math.floor(place.length / 2)] : { x: place.x + place.width / 2, y: place.y + place.height / 2 };
}
