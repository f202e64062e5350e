-- Ready views over the tables of nianbao.duckdb. Each statement ends with a line that holds only a semicolon.

-- The same file given twice is two reports with one report_id: it counts once here.
CREATE VIEW narrative_totals AS
SELECT f.label, l.zh AS label_zh, r.province, r.city, r.county, r.year, f.unit,
       count(*) FILTER (WHERE f.accepted AND f.period = 'current') AS accepted_figures,
       sum(f.value) FILTER (WHERE f.accepted AND f.period = 'current') AS accepted_total,
       count(*) AS all_figures,
       sum(f.value) AS all_total
FROM (SELECT DISTINCT ON (report_id, "index") * FROM figures) f
JOIN (SELECT DISTINCT ON (report_id) * FROM reports) r USING (report_id)
LEFT JOIN labels l USING (label)
GROUP BY ALL
ORDER BY ALL
;
COMMENT ON VIEW narrative_totals IS '正文数字汇总（按指标、地区、年度、计量单位） · narrative figures summed by label, place, year and unit; units are kept apart since 元 and 万元 do not add up'
;
COMMENT ON COLUMN narrative_totals.accepted_total IS '可直接采用的本期数字之和 · sum of the accepted figures of the current period'
;
COMMENT ON COLUMN narrative_totals.all_total IS '全部数字之和 · sum of all figures, whatever their period and score'
;

CREATE VIEW year_on_year AS
WITH units AS (
  SELECT DISTINCT report_id, unit_name, division_code, year
  FROM reports WHERE unit_name IS NOT NULL AND year IS NOT NULL
)
SELECT DISTINCT r.unit_name, r.division_code, c."table", c."row", c."column", r.year,
       c.value, p.value AS previous, c.value - p.value AS change,
       CASE WHEN p.value <> 0 THEN c.value / p.value END AS ratio,
       r.report_id, q.report_id AS previous_report_id
FROM units r
JOIN units q ON q.unit_name = r.unit_name AND q.year = r.year - 1
            AND q.division_code IS NOT DISTINCT FROM r.division_code
JOIN cells c ON c.report_id = r.report_id
JOIN cells p ON p.report_id = q.report_id
            AND p."table" = c."table" AND p."row" = c."row" AND p."column" = c."column"
WHERE c.value IS NOT NULL OR p.value IS NOT NULL
;
COMMENT ON VIEW year_on_year IS '同一单位逐年对比 · each cell of a unit against the same cell of its report of the year before'
;
COMMENT ON COLUMN year_on_year.previous IS '上年数值 · value of the year before'
;
COMMENT ON COLUMN year_on_year.change IS '增减 · value - previous, null where either is'
;
COMMENT ON COLUMN year_on_year.ratio IS '与上年之比 · value / previous; near 10000 or 0.0001 hints at 元 for 万元'
;
