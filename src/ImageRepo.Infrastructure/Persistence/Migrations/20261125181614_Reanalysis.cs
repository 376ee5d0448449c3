using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageRepo.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Reanalysis : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<TimeSpan>(
                name: "analysis_duration",
                table: "image",
                type: "interval",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "analysis_model_version",
                table: "image",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "reanalysis",
                columns: table => new
                {
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    turn_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    analyzed_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    outdated_by = table.Column<string>(type: "text", nullable: true),
                    below_id = table.Column<Guid>(type: "uuid", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    asked = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reanalysis", x => x.owner_id);
                    table.ForeignKey(
                        name: "fk_reanalysis_owner_count_owner_id",
                        column: x => x.owner_id,
                        principalTable: "owner_count",
                        principalColumn: "owner_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_reanalysis_turn_at",
                table: "reanalysis",
                column: "turn_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "reanalysis");

            migrationBuilder.DropColumn(
                name: "analysis_duration",
                table: "image");

            migrationBuilder.DropColumn(
                name: "analysis_model_version",
                table: "image");
        }
    }
}
