/** The rules of Grafana's dashboard-linter, by their names, over the JSON as Grafana reads it. Its program is written in Go and cannot be had here. */

/** What we read of a dashboard. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: {
    readonly list?: readonly { readonly expr?: string; readonly datasource: Source }[];
  };
  readonly panels: readonly PanelJson[];
}

interface Source {
  readonly type: string;
  readonly uid: string;
}

interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly label: string;
  readonly query: string;
  readonly datasource?: Source;
  readonly refresh?: number;
  readonly multi: boolean;
  readonly allValue?: string;
}

/** A panel, or the head of a row. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource: Source;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: Source;
  }[];
}

const isOurs = (source?: Source): boolean => source?.type === 'prometheus' && source.uid === '${datasource}';

/** Every panel that shows something. */
export function shown({ panels }: DashboardJson): readonly PanelJson[] {
  return panels.filter(({ type }) => type !== 'row');
}

/** Every query of the panels, with its panel's title. */
export function queriesOf(dashboard: DashboardJson): { readonly title: string; readonly expr: string }[] {
  return shown(dashboard).flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
}

/** What stands in braces behind a metric. */
function selectorsIn(expr: string): string[] {
  return [...expr.matchAll(/\{([^{}]*=[^{}]*)\}/g)].map(([, inside = '']) => inside);
}

type Rule = (dashboard: DashboardJson) => string[];

const eachVariable =
  (isWrong: (variable: VariableJson) => boolean): Rule =>
  ({ templating }) =>
    templating.list
      .filter((variable) => variable.type === 'query' && isWrong(variable))
      .map(({ name }) => name);

const eachPanel =
  (isWrong: (panel: PanelJson) => boolean): Rule =>
  (dashboard) =>
    shown(dashboard)
      .filter(isWrong)
      .map(({ title }) => title);

const hasVariable =
  (name: string, label: string): Rule =>
  ({ templating }) => {
    const found = templating.list.find((variable) => variable.name === name);
    const isRight =
      found?.label === label && found.multi && found.allValue === '.+' && isOurs(found.datasource);
    return isRight ? [] : [`no variable ${name} that is called ${label}, takes many values, and all as .+`];
  };

const selects =
  (matcher: string): Rule =>
  (dashboard) =>
    queriesOf(dashboard)
      .filter(({ expr }) => selectorsIn(expr).some((inside) => !inside.includes(matcher)))
      .map(({ title }) => title);

/** By the linter's names of them. Each returns what does not keep it. */
export const rules: Readonly<Record<string, Rule>> = {
  'template-datasource': ({ templating: { list } }) =>
    list[0]?.name === 'datasource' && list[0].type === 'datasource' && list[0].query === 'prometheus'
      ? []
      : ['the first variable is not the data source'],
  'template-job': hasVariable('job', 'Job'),
  'template-instance': hasVariable('instance', 'Instance'),
  'template-label-promql': eachVariable(({ query }) => !/^label_values\(.+, \w+\)$/.test(query)),
  'template-on-time-change-reload': eachVariable(({ refresh }) => refresh !== 2),
  'template-uneditable': ({ editable }) => (editable ? ['it can be edited'] : []),
  'panel-datasource': eachPanel(({ datasource, targets = [] }) =>
    [datasource, ...targets.map((target) => target.datasource)].some((source) => !isOurs(source)),
  ),
  'panel-title-description': eachPanel(({ title, description = '' }) => title === '' || description === ''),
  'panel-units': eachPanel(({ fieldConfig }) => (fieldConfig?.defaults.unit ?? '') === ''),
  'panel-no-targets': eachPanel(({ targets = [] }) => targets.length === 0),
  'target-rate-interval': (dashboard) =>
    queriesOf(dashboard)
      .filter(({ expr }) => /\bi?rate\((?:(?!\[\$__rate_interval\]).)*?\[(?!\$__rate_interval)/.test(expr))
      .map(({ title }) => title),
  'target-job': selects('job=~"$job"'),
  'target-instance': selects('instance=~"$instance"'),
};
